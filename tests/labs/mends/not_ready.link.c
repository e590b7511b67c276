/*
 * not_ready, mended with a second name: the object is made under a name that
 * nobody looks for, and gets the right one when it is ready. link(2) does it at
 * one stroke, and refuses where there is one already.
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
    char path[300], made[320];
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        /* ---- your work begins here: the writer ---- */
        snprintf(path, sizeof path, "/dev/shm%s", argv[2]);
        snprintf(made, sizeof made, "%s.%d", path, (int)getpid());
        int fd = open(made, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd == -1 || ftruncate(fd, sizeof(struct note)) == -1)
            err(1, "%s", argv[2]);
        struct note *n = map(fd);
        sem_init(&n->written, 1, 0);
        sem_init(&n->taken, 1, 0);
        strncpy(n->text, argv[3], sizeof n->text - 1);
        sem_post(&n->written);
        if (link(made, path) == -1 || unlink(made) == -1)
            err(1, "%s", path);
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
