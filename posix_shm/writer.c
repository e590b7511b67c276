/*
 * writer - send messages through POSIX shared memory             (lesson 5)
 *
 * shm_open(3) makes a file in memory that has a name and no place on a disk.
 * Like a file it is created, sized, mapped, and removed; like a file it stays
 * until someone removes it, also when its makers are long dead.
 *
 *     terminal 1$ ./posix_shm/writer "first message" "second message"
 *     terminal 2$ ./posix_shm/reader
 *     first message
 *     second message
 *
 * What orders the accesses: message.h. How a name is owned, and removed also
 * after a crash: owner.h. How a death is noticed: partner.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <math.h>
#include <stdlib.h>

#include "message.h"

static const char usage[] =
    "usage: writer [-s NAME] [-t SECONDS] [TEXT]...\n"
    "Send each TEXT to a reader through the shared memory object NAME\n"
    "(/shm_tutorial.UID). Wait for it at most SECONDS each time (for ever).";

static char *lesson[] = {"hello reader, i am your writer",
                         "this is the second message",
                         "and this is the last one", NULL};

static const char *name; /* of the object, */
static int fd = -1;      /* which we have locked: it is ours */

/* 6. Remove it, on every way out but a death by a signal. */
static void remove_it(void)
{
    owner_remove(name, fd);
}

int main(int argc, char **argv)
{
    double timeout = HUGE_VAL; /* none */
    static char own[sizeof MESSAGE_NAME + 10];
    snprintf(own, sizeof own, MESSAGE_NAME, geteuid());
    name = own;
    char *end;
    int option;
    while ((option = getopt(argc, argv, "+hs:t:")) != -1) {
        switch (option) {
        case 's':
            name = optarg;
            if (name[0] != '/' || name[1] == '\0' || strchr(name + 1, '/') ||
                strlen(name) > 255)
                errx(2, "NAME is a / and up to 254 others\n%s", usage);
            break;
        case 't':
            timeout = strtod(optarg, &end);
            if (end == optarg || *end != '\0' ||
                !(timeout >= 0 && timeout <= 1e6))
                errx(2, "SECONDS is a number from 0 to 1000000\n%s", usage);
            break;
        default:
            if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
                fflush(stdout) == EOF)
                err(1, "write to stdout");
            return option == 'h' ? 0 : 2;
        }
    }
    char **texts = optind < argc ? argv + optind : lesson;
    for (char **t = texts; *t != NULL; t++)
        if (strlen(*t) > MESSAGE_MAX)
            errx(2, "message %td has %zu bytes, and %d are the most\n%s",
                 t - texts + 1, strlen(*t), MESSAGE_MAX, usage);

    /* Never let the object get the number of a closed stdout or stderr. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");

    /* Ctrl-C and SIGTERM do not interrupt us, they wait until we ask. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a limit is an error, no death that */
    signal(SIGPIPE, SIG_IGN); /* leaves things behind */

    /* 1. Create it, new and ours alone: shm_open, and a lock. */
    fd = owner_create(name, MESSAGE_SIZE, MESSAGE_READY);
    atexit(remove_it);

    /* 2. Size it. ftruncate(2) would promise no memory: with /dev/shm full,
       the first write would be a SIGBUS. posix_fallocate(3) says ENOSPC. */
    while ((errno = posix_fallocate(fd, 0, MESSAGE_SIZE)) != 0)
        if (errno != EINTR)
            err(1, "allocate %d bytes for %s", MESSAGE_SIZE, name);

    /* 3. Map it, and make it ready before anyone may use it. */
    struct message *m =
        mmap(NULL, MESSAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(1, "mmap %s", name);
    struct partner *p = &m->partner;
    partner_ready(p, MESSAGE_READY);
    fprintf(
        stderr,
        "writer[%d]: created %s, %d bytes, mode 0600; waiting for a reader\n",
        getpid(), name, MESSAGE_SIZE);

    /* 4. Use it. The first room is the reader's arrival, each further one says
       that it has the message before. */
    int sent = 0;
    for (;; sent++) {
        int e = partner_wait(p, MESSAGE_READY, &p->room, fd, READER, timeout,
                             &stop, 0);
        if (e != 0) {
            /* Ctrl-C is no failure if no reader has come, nor can any more. */
            uint32_t state = MESSAGE_READY;
            bool alone = atomic_compare_exchange_strong(&p->state, &state, 0);
            errx(e == EINTR && alone ? 0 : 1,
                 "waiting for the reader: %s; messages read: %d",
                 partner_why(e), sent > 0 ? sent - 1 : 0);
        }
        if (sent == 0)
            fprintf(stderr, "writer[%d]: a reader has come\n", getpid());
        if (texts[sent] == NULL)
            break;
        m->length = (uint32_t)strlen(texts[sent]);
        memcpy(m->text, texts[sent], m->length);
        m->last = texts[sent + 1] == NULL;
        sem_post(&p->full);
    }
    fprintf(stderr, "writer[%d]: messages read: %d\n", getpid(), sent);

    /* 5. Unmap it. */
    if (munmap(m, MESSAGE_SIZE) == -1)
        err(1, "munmap");
    return 0; /* 6. and remove_it */
}
