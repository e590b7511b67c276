/*
 * not_ready - the note is there, but it is not ready yet     (posix_shm lab 1)
 *
 * The writer leaves a note, waits until a reader has taken it, and removes it.
 * The reader may come first. But sometimes it dies of SIGBUS, or waits forever:
 *
 *     $ cc posix_shm/lab/not_ready.c -o posix_shm/lab/not_ready
 *     $ ./posix_shm/lab/not_ready read /note.$USER &
 *     $ ./posix_shm/lab/not_ready write /note.$USER 'the key is at the porter'
 *     the key is at the porter
 *
 * Your task: the reader prints the text (0 to 255 bytes), and both end with
 * status 0, whichever comes first and however slow either is. Both may wait,
 * asleep or by looking again, but not give up or go on after some tries or some
 * time. At the start there is no object NAME; at the end nothing is left in
 * /dev/shm. You may change what is in it. `make labs LAB=not_ready` checks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- your work begins here ---- */
static struct note {
    sem_t written, taken;
    char text[256];
} * n;

static void map(int fd)
{
    n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (n == MAP_FAILED)
        err(1, "mmap");
}

static void leave(const char *name, const char *text) /* the writer */
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *n) == -1)
        err(1, "%s", name);
    map(fd);
    sem_init(&n->written, 1, 0);
    sem_init(&n->taken, 1, 0);
    strncpy(n->text, text, sizeof n->text - 1);
    sem_post(&n->written);
    sem_wait(&n->taken);
    shm_unlink(name);
}

static void take(const char *name) /* the reader */
{
    int fd;
    while ((fd = shm_open(name, O_RDWR, 0)) == -1 && errno == ENOENT)
        usleep(100000);
    if (fd == -1)
        err(1, "%s", name);
    map(fd);
    sem_wait(&n->written);
    printf("%s\n", n->text);
    sem_post(&n->taken);
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        leave(argv[2], argv[3]);
    else if (argc == 3 && strcmp(argv[1], "read") == 0)
        take(argv[2]);
    else
        errx(2, "usage: not_ready write NAME TEXT | read NAME");
    return 0;
}
