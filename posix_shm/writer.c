/*
 * writer - send messages through POSIX shared memory             (lesson 2.1)
 *
 *     terminal 1$ ./posix_shm/writer "first message" "second message"
 *     terminal 2$ ./posix_shm/reader
 *     first message
 *     second message
 *
 * An object is a file in memory: /dev/shm/NAME. It stays until its name is
 * removed, even when no process uses it any more. So a writer first removes the
 * object of a dead one. What orders the accesses: message.h.
 */
#define _GNU_SOURCE /* sem_clockwait */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static char *lesson[] = {"hello reader, i am your writer",
                         "this is the second message",
                         "and this is the last one", NULL};
static char own[32];
static const char *name = own;
static int fd;

static void stop(int number)
{
    message_stopped = number;
}

static void remove_name(void)
{
    if (message_lock(fd, F_TLOCK, READER, 1) && message_named(fd))
        shm_unlink(name);
}

int main(int argc, char **argv)
{
    snprintf(own, sizeof own, MESSAGE_NAME, geteuid());
    for (int o; (o = getopt(argc, argv, "+s:")) != -1; name = optarg)
        if (o != 's' || strrchr(optarg, '/') != optarg)
            errx(2, "usage: writer [-s /NAME] [TEXT]...");
    char **text = optind < argc ? argv + optind : lesson;
    for (char **t = text; *t != NULL; t++)
        if (strlen(*t) >= MESSAGE_MAX)
            errx(2, "a TEXT has at most %d bytes", MESSAGE_MAX - 1);

    /* Remove the name also if a signal ends us, unless it is ignored. */
    struct sigaction was, on = {.sa_handler = stop};
    for (const int *s = (int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0}; *s; s++)
        if (sigaction(*s, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            sigaction(*s, &on, NULL);

    /* 1. Create the object and lock it. If it is a dead writer's, remove it. */
    umask(077);
    for (;; close(fd), nanosleep(&message_nap, NULL)) {
        fd = shm_open(name, O_RDWR | O_CREAT, 0600);
        if (fd == -1)
            err(1, "shm_open %s", name);
        if (message_lock(fd, F_TLOCK, WRITER, 2)) {
            if (!message_made(name, fd) && message_named(fd))
                break;
            remove_name();
        } else if (message_stopped || !message_lock(fd, F_TEST, WRITER, 1))
            errx(1, "another writer waits at %s", name);
    }
    atexit(remove_name);

    /* 2. Mark it and size it. ftruncate(2) would reserve no memory. */
    const int kind = MESSAGE_KIND;
    if (pwrite(fd, &kind, sizeof kind, 0) == -1 ||
        (errno = posix_fallocate(fd, 0, sizeof(struct message))) != 0)
        err(1, "allocate %zu bytes for %s", sizeof(struct message), name);

    /* 3. Map it and initialise it. When READER is free, a reader may come. */
    struct message *m =
        mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(1, "mmap %s", name);
    if (sem_init(&m->room, 1, 1) == -1 || sem_init(&m->full, 1, 0) == -1 ||
        !message_lock(fd, F_ULOCK, READER, 1))
        err(1, "initialise %s", name);
    fprintf(stderr, "writer[%d]: waiting for a reader at %s\n", getpid(), name);

    /* 4. Use it. The room after the last message says that all are read. */
    for (; message_wait(&m->room, fd, READER); text++) {
        if (*text == NULL)
            return 0;
        m->last = text[1] == NULL;
        memcpy(m->text, *text, strlen(*text) + 1);
        sem_post(&m->full);
    }

    /* 5. Remove the name, if no reader has. */
    remove_name();
    if (message_stopped != 0) {
        signal(message_stopped, SIG_DFL);
        raise(message_stopped);
    }
    errx(1, "the reader has died, or someone removed %s", name);
}
