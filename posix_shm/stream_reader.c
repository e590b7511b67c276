/*
 * stream_reader - receive a stream of bytes through shared memory (lesson 6)
 *
 * The other half of stream_writer: it takes the slots in turn and writes them
 * out. While it does that, the writer fills the next ones.
 *
 *     $ ./posix_shm/stream_reader >copy &
 *     $ ./posix_shm/stream_writer <data/english.txt
 *
 * What orders the accesses: stream.h and partner.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK, CPU_COUNT */
#include <math.h>
#include <poll.h>
#include <stdlib.h>

#include "stream.h"

static const char usage[] =
    "usage: stream_reader [-s NAME] [-t SECONDS] >OUTPUT\n"
    "Write to OUTPUT what a stream_writer sends through the shared memory object\n"
    "NAME (/shm_stream.UID). Wait for it at most SECONDS each time (for ever).";

/* Ctrl-C and SIGTERM: there is nothing to clean up. It is no failure as long
   as no writer counts on us. */
static volatile sig_atomic_t met;
static void quit(int number)
{
    (void)number;
    _exit(met);
}

/* write(2), until all is written: it may take less than it is given. Where it
   would not wait (O_NONBLOCK, by who else has the same stdout), we do. */
static void drain(const char *slot, size_t length)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    while (length > 0) {
        ssize_t n = write(STDOUT_FILENO, slot, length);
        if (n >= 0) {
            slot += n;
            length -= (size_t)n;
        } else if (errno == EAGAIN) {
            poll(&output, 1, -1);
        } else if (errno != EINTR) {
            err(1, "write to stdout");
        }
    }
}

int main(int argc, char **argv)
{
    double timeout = HUGE_VAL; /* none */
    char own[sizeof STREAM_NAME + 10];
    snprintf(own, sizeof own, STREAM_NAME, geteuid());
    const char *name = own;
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
        errx(2, "what is %s? The output is stdout\n%s", argv[optind], usage);

    /* Never let the object get the number of a closed stdout or stderr. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");

    signal(SIGINT, quit);
    signal(SIGTERM, quit);
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, */
    signal(SIGPIPE, SIG_IGN); /* and one that nobody reads EPIPE: no death */

    /* 1 to 3. Open it, check it, map it, as soon as there is a writer's. */
    int fd;
    struct stream *s;
    double limit = partner_now() + timeout;
    for (bool told = false;
         (s = partner_meet(name, sizeof *s, STREAM_READY, &fd)) == NULL;
         told = true) {
        if (partner_now() >= limit)
            errx(1, "no writer came to %s in time", name);
        if (!told)
            fprintf(stderr, "stream_reader[%d]: waiting for a writer at %s\n",
                    getpid(), name);
        const struct timespec soon = {.tv_nsec = 50000000};
        nanosleep(&soon, NULL);
    }
    met = 1;

    /* 4. Use it: write out slot after slot, until one that is empty. */
    const int spins = stream_spins();
    const bool terminal = isatty(STDERR_FILENO);
    struct partner *p = &s->partner;
    for (int i = 0; i < SLOTS; i++)
        sem_post(&p->room);
    uint64_t total = 0;
    uint32_t length = 1;
    double start = partner_now(), told = start;
    for (unsigned n = 0; length > 0; n = (n + 1) % SLOTS) {
        int e = partner_wait(p, STREAM_READY, &p->full, fd, WRITER, timeout,
                             NULL, spins);
        if (e != 0)
            errx(1, "waiting for the writer: %s", partner_why(e));
        int more = 0; /* a writer of ours is never so far ahead */
        length = atomic_load(&s->length[n]);
        if (length > SLOT_SIZE || sem_getvalue(&p->full, &more) || more > SLOTS)
            errx(1, "%s: %u bytes and %d more posts: not from stream_writer",
                 name, length, more);
        drain(s->slot[n], length);
        sem_post(&p->room);
        total += length;
        if (terminal && partner_now() >= told + 1) {
            told = partner_now();
            stream_report(total, told - start, '\r');
        }
    }
    stream_report(total, partner_now() - start, '\n');

    /* 5. Unmap it. The writer removes it. */
    if (munmap(s, sizeof *s) == -1)
        err(1, "munmap");
    return 0;
}
