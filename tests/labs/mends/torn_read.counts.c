/*
 * torn_read, mended with a lock for readers and writers: one word says how many
 * readers are inside, or that the writer is. Each comes in with one atomic step.
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <fcntl.h>
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

struct entry {
    atomic_int inside; /* so many readers; -1: the writer */
    struct visitor visitor;
};

static struct entry *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    close(fd);
    return p;
}

/* The writer comes in when nobody is there. */
static void lock(atomic_int *inside)
{
    int nobody = 0;
    while (!atomic_compare_exchange_strong(inside, &nobody, -1)) {
        usleep(1000);
        nobody = 0;
    }
}

/* A reader, when the writer is not. */
static void enter(atomic_int *inside)
{
    int readers = 0;
    while (!atomic_compare_exchange_strong(inside, &readers, readers + 1)) {
        usleep(1000);
        readers = readers < 0 ? 0 : readers;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        errx(2, "usage: torn_read write FILE [NAME AGE]... | read FILE");
    struct entry *shared = map(argv[2]);

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            lock(&shared->inside);
            shared->visitor = next;
            atomic_store(&shared->inside, 0);
        }
    } else {
        enter(&shared->inside);
        struct visitor seen = shared->visitor;
        atomic_fetch_sub(&shared->inside, 1);
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
