/*
 * reader - receive messages through POSIX shared memory          (lesson 2.1)
 *
 *     terminal 1$ ./posix_shm/reader
 *     terminal 2$ ./posix_shm/writer "first message" "second message"
 *     terminal 1: first message
 *                 second message
 *
 * It removes the name as soon as it has the object. From then on nothing can
 * be left behind, whoever dies. While there is no writer, it looks every 5 ms.
 * This sleep orders nothing: the locks and semaphores of message.h do.
 */
#define _GNU_SOURCE /* sem_clockwait */
#include <errno.h>
#include <stdio.h>

#include "message.h"

int main(int argc, char **argv)
{
    char own[32];
    snprintf(own, sizeof own, MESSAGE_NAME, geteuid());
    const char *name = own;
    for (int o; (o = getopt(argc, argv, "s:")) != -1 || optind < argc;
         name = optarg)
        if (o != 's')
            errx(2, "usage: reader [-s /NAME]");

    /* 1. Open the object of a living writer, and be its only reader. */
    fprintf(stderr, "reader[%d]: waiting for a writer at %s\n", getpid(), name);
    int fd;
    for (;; close(fd), nanosleep(&message_nap, NULL)) {
        fd = shm_open(name, O_RDWR, 0);
        if (fd == -1 && errno != ENOENT)
            err(1, "shm_open %s", name);
        if (fd != -1 && message_made(name, fd) &&
            message_lock(fd, F_TLOCK, READER, 1) && message_named(fd)) {
            if (!message_lock(fd, F_TEST, WRITER, 1))
                break;
            shm_unlink(name); /* a dead writer's */
        }
    }

    /* 2. Map it, and remove the name. */
    struct message *m =
        mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED || shm_unlink(name) == -1)
        err(1, "mmap and shm_unlink %s", name);

    /* 3. Use it. */
    for (int last = 0; !last; sem_post(&m->room)) {
        if (!message_wait(&m->full, fd, WRITER))
            errx(1, "the writer at %s has died", name);
        last = m->last;
        printf("%.*s\n", MESSAGE_MAX, m->text);
        if (fflush(stdout) == EOF || ferror(stdout))
            err(1, "write to stdout");
    }
    return 0;
}
