/*
 * not_ready, mended with a lock over all that makes the object ready. The name
 * is there before the lock, so the reader looks at the size while it has it.
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct note {
    sem_t written, taken;
    char text[256];
};

static struct note *map(int fd)
{
    struct note *n =
        mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (n == MAP_FAILED)
        err(1, "mmap");
    return n;
}

static void lock(int fd, short type)
{
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)
        err(1, "lock");
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        /* ---- your work begins here: the writer ---- */
        int fd = shm_open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd == -1)
            err(1, "%s", argv[2]);
        lock(fd, F_WRLCK);
        if (ftruncate(fd, sizeof(struct note)) == -1)
            err(1, "%s", argv[2]);
        struct note *n = map(fd);
        sem_init(&n->written, 1, 0);
        sem_init(&n->taken, 1, 0);
        strncpy(n->text, argv[3], sizeof n->text - 1);
        sem_post(&n->written);
        lock(fd, F_UNLCK);
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
        for (;;) { /* it may come before the writer has its lock */
            lock(fd, F_RDLCK);
            if (fstat(fd, &s) == -1 || s.st_size > 0)
                break;
            lock(fd, F_UNLCK);
            usleep(1000);
        }
        struct note *n = map(fd);
        lock(fd, F_UNLCK);
        sem_wait(&n->written);
        printf("%s\n", n->text);
        sem_post(&n->taken);
        /* ---- and ends here ---- */
    } else {
        errx(2, "usage: not_ready write NAME TEXT | read NAME");
    }
    return 0;
}
