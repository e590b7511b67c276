/*
 * torn_read, mended with a mutex between processes: it lies in the file, and a
 * new file's first visitor makes it ready while the others wait. (Who dies just
 * then leaves a file that nobody can use; an open file description lock has no
 * such first moment.)
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

struct book {
    atomic_int state; /* 0: new, 1: somebody prepares the mutex, 2: ready */
    pthread_mutex_t mutex;
    struct visitor visitor;
};

static struct book *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    close(fd);

    /* Of all who come at the same time one prepares the mutex. */
    struct book *book = p;
    int new = 0;
    if (atomic_compare_exchange_strong(&book->state, &new, 1)) {
        pthread_mutexattr_t kind;
        pthread_mutexattr_init(&kind);
        pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_init(&book->mutex, &kind);
        atomic_store(&book->state, 2);
    }
    while (atomic_load(&book->state) != 2)
        usleep(1000);
    return book;
}

static void lock(struct book *book)
{
    int error = pthread_mutex_lock(&book->mutex);
    if (error == EOWNERDEAD) /* and maybe left half an entry */
        error = pthread_mutex_consistent(&book->mutex);
    if (error != 0)
        errx(1, "lock: %s", strerror(error));
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        errx(2, "usage: torn_read write FILE [NAME AGE]... | read FILE");
    struct book *book = map(argv[2]);
    struct visitor *shared = &book->visitor;

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            /* ---- your work begins here: the writer ---- */
            lock(book);
            memcpy(shared->name, next.name, sizeof next.name);
            shared->age = next.age;
            pthread_mutex_unlock(&book->mutex);
            /* ---- and ends here ---- */
        }
    } else {
        struct visitor seen;
        /* ---- your work begins here: the reader ---- */
        lock(book);
        memcpy(seen.name, shared->name, sizeof seen.name);
        seen.age = shared->age;
        pthread_mutex_unlock(&book->mutex);
        /* ---- and ends here ---- */
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
