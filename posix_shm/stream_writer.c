/*
 * stream_writer - send a stream of bytes through shared memory   (lesson 6)
 *
 * Any number of bytes goes through a ring of slots in one shared memory object:
 * the bounded buffer of the textbooks. read(2) puts them into a slot, and
 * stream_reader's write(2) takes them out of it; no program copies any.
 *
 *     $ ./posix_shm/stream_writer <data/english.txt &
 *     $ ./posix_shm/stream_reader >copy
 *     317 bytes (0.0 MB, 0.0 MiB) copied, 0.000 s, 3.2 MB/s
 *
 * What orders the accesses: stream.h and partner.h. Whose the name is: owner.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK, CPU_COUNT */
#include <math.h>
#include <poll.h>
#include <stdlib.h>

#include "stream.h"

static const char usage[] =
    "usage: stream_writer [-s NAME] [-t SECONDS] <INPUT\n"
    "Send INPUT to a stream_reader through the shared memory object NAME\n"
    "(/shm_stream.UID). Wait for it at most SECONDS each time (for ever).";

static const char *name; /* of the object, */
static int fd = -1;      /* which we have locked: it is ours */

/* 6. Remove it, on every way out but a death by a signal. */
static void remove_it(void)
{
    owner_remove(name, fd);
}

/* read(2) into a slot; but before that, and as often as in partner_wait while
   there is nothing to read, ask whether we are to end, or the reader has. */
static size_t fill(char *slot, const sigset_t *stop)
{
    for (;;) {
        if (sigtimedwait(stop, NULL, &(struct timespec){0}) > 0)
            errx(1, "interrupted");
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&input, 1, 50) == 1) {
            ssize_t n = read(STDIN_FILENO, slot, SLOT_SIZE);
            if (n >= 0)
                return (size_t)n;
            if (errno != EINTR && errno != EAGAIN)
                err(1, "read from stdin");
        }
        if (!owner_held(fd, READER))
            errx(1, "the reader is gone");
    }
}

int main(int argc, char **argv)
{
    double timeout = HUGE_VAL; /* none */
    static char own[sizeof STREAM_NAME + 10];
    snprintf(own, sizeof own, STREAM_NAME, geteuid());
    name = own;
    char *end;
    int option;
    while ((option = getopt(argc, argv, "hs:t:")) != -1) {
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
    if (optind < argc)
        errx(2, "what is %s? The input is stdin\n%s", argv[optind], usage);

    /* Never let the object get the number of a closed stdin or stderr. */
    for (int i = 0; i <= 2; i++)
        if (fcntl(i, F_GETFD) == -1)
            err(1, "stdin, stdout or stderr is closed");

    /* Ctrl-C and SIGTERM do not interrupt us, they wait until we ask. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a limit is an error, no death that */
    signal(SIGPIPE, SIG_IGN); /* leaves things behind */

    /* 1. Create it, new and ours alone. 2. Size it, with memory behind it. */
    fd = owner_create(name, sizeof(struct stream), STREAM_READY);
    atexit(remove_it);
    while ((errno = posix_fallocate(fd, 0, sizeof(struct stream))) != 0)
        if (errno != EINTR)
            err(1, "allocate %zu bytes for %s", sizeof(struct stream), name);

    /* 3. Map it, and make it ready before anyone may use it. */
    struct stream *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED)
        err(1, "mmap %s", name);
    struct partner *p = &s->partner;
    partner_ready(p, STREAM_READY);
    fprintf(stderr, "stream_writer[%d]: created %s; waiting for a reader\n",
            getpid(), name);

    /* 4. Use it: fill slot after slot, the last with nothing. When all rooms
       have come back, all has been written out. */
    const int spins = stream_spins();
    bool more = true;
    int back = 0;
    for (unsigned n = 0; back < SLOTS; n = (n + 1) % SLOTS) {
        int e = partner_wait(p, STREAM_READY, &p->room, fd, READER, timeout,
                             &stop, spins);
        if (e != 0) {
            /* Ctrl-C is no failure if no reader has come, nor can any more. */
            uint32_t state = STREAM_READY;
            bool alone = atomic_compare_exchange_strong(&p->state, &state, 0);
            errx(e == EINTR && alone ? 0 : 1, "waiting for the reader: %s",
                 partner_why(e));
        }
        if (more) {
            size_t length = fill(s->slot[n], &stop);
            s->length[n] = (uint32_t)length;
            sem_post(&p->full);
            more = length > 0;
        } else
            back++;
    }

    /* 5. Unmap it. */
    if (munmap(s, sizeof *s) == -1)
        err(1, "munmap");
    return 0; /* 6. and remove_it */
}
