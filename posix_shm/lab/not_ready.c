/*
 * not_ready - the note is there, and not yet to be read     (posix_shm lab 1)
 *
 * A note for somebody who may be waiting for it, or may come later. The one
 * who writes it waits until it is taken, and then removes it:
 *
 *     $ cc posix_shm/lab/not_ready.c -o posix_shm/lab/not_ready
 *     $ ./posix_shm/lab/not_ready read /note.$USER &
 *     $ ./posix_shm/lab/not_ready write /note.$USER 'the key is at the porter'
 *     the key is at the porter
 *
 * It works every day. But once a week a reader that waits already dies with
 * "Bus error", and once a month it waits for a note that lies before it.
 *
 * Your task: whoever comes first, and however slow either of the two is at any
 * place, the reader prints the text, and both end with status 0. Either may
 * wait, by looking again or asleep, as long as the other takes; a number of
 * tries, after which it gives up or goes on, is not enough. Before they come
 * there is no object NAME, and after them nothing is left in /dev/shm. What the
 * object holds, how it comes into being and what else you make is up to you;
 * the command line and stdout stay as they are. `make labs LAB=not_ready`
 * says how far you are.
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
        int fd = shm_open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd == -1 || ftruncate(fd, sizeof(struct note)) == -1)
            err(1, "%s", argv[2]);
        struct note *n = map(fd);
        sem_init(&n->written, 1, 0);
        sem_init(&n->taken, 1, 0);
        strncpy(n->text, argv[3], sizeof n->text - 1);
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
