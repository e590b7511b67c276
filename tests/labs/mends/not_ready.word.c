/*
 * not_ready, mended with a word that is set last: new memory is 0, so the word
 * can be read before anybody has set it, as soon as the object has a size.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct note {
    atomic_int ready; /* 0, as ftruncate(2) makes it, until all is there */
    sem_t written, taken;
    char text[256];
};

static struct note *map(int fd)
{
    struct note *n =
        mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (n == MAP_FAILED)
        err(1, "mmap");
    close(fd);
    return n;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        /* ---- your work begins here: the writer ---- */
        int fd = shm_open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd == -1 || ftruncate(fd, sizeof(struct note)) == -1)
            err(1, "%s", argv[2]);
        struct note *n = map(fd);
        sem_init(&n->written, 1, 0);
        sem_init(&n->taken, 1, 0);
        strncpy(n->text, argv[3], sizeof n->text - 1);
        atomic_store(&n->ready, 1);
        sem_post(&n->written);
        sem_wait(&n->taken);
        shm_unlink(argv[2]);
        /* ---- and ends here ---- */
    } else if (argc == 3 && strcmp(argv[1], "read") == 0) {
        /* ---- your work begins here: the reader ---- */
        int fd;
        while ((fd = shm_open(argv[2], O_RDWR, 0)) == -1 && errno == ENOENT)
            usleep(100000);
        if (fd == -1)
            err(1, "%s", argv[2]);
        struct stat s = {0};
        while (fstat(fd, &s) == 0 && s.st_size < (off_t)sizeof(struct note))
            usleep(1000);
        struct note *n = map(fd);
        while (!atomic_load(&n->ready))
            usleep(1000);
        sem_wait(&n->written);
        printf("%s\n", n->text);
        sem_post(&n->taken);
        /* ---- and ends here ---- */
    } else {
        errx(2, "usage: not_ready write NAME TEXT | read NAME");
    }
    return 0;
}
