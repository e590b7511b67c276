/*
 * not_ready, mended with the object's mode: nobody can open an object of mode 0, and
 * it gets another one when all is in it. (Root could; but not without capabilities.)
 */
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
    close(fd);
    return n;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        /* ---- your work begins here: the writer ---- */
        int fd = shm_open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0);
        if (fd == -1 || ftruncate(fd, sizeof(struct note)) == -1)
            err(1, "%s", argv[2]);
        int again = dup(fd);
        struct note *n = map(fd);
        sem_init(&n->written, 1, 0);
        sem_init(&n->taken, 1, 0);
        strncpy(n->text, argv[3], sizeof n->text - 1);
        fchmod(again, 0600); /* nobody could open it before */
        close(again);
        sem_post(&n->written);
        sem_wait(&n->taken);
        shm_unlink(argv[2]);
        /* ---- and ends here ---- */
    } else if (argc == 3 && strcmp(argv[1], "read") == 0) {
        /* ---- your work begins here: the reader ---- */
        int fd;
        while ((fd = shm_open(argv[2], O_RDWR, 0)) == -1 &&
               (errno == ENOENT || errno == EACCES))
            usleep(100000);
        if (fd == -1)
            err(1, "%s", argv[2]);
        struct note *n = map(fd);
        sem_wait(&n->written);
        printf("%s\n", n->text);
        sem_post(&n->taken);
        /* ---- and ends here ---- */
    } else {
        errx(2, "usage: not_ready write NAME TEXT | read NAME");
    }
    return 0;
}
