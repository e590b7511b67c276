/*
 * reader - receive messages through POSIX shared memory          (lesson 5)
 *
 * The other half of writer: it opens the object by its name, maps it, and
 * takes the messages. It creates nothing and removes nothing.
 *
 *     terminal 1$ ./posix_shm/reader
 *     terminal 2$ ./posix_shm/writer "first message" "second message"
 *     terminal 1: first message
 *                 second message
 *
 * What orders the accesses: message.h. How a death is noticed: partner.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <math.h>
#include <stdlib.h>

#include "message.h"

static const char usage[] =
    "usage: reader [-s NAME] [-t SECONDS]\n"
    "Print the messages that a writer sends through the shared memory object\n"
    "NAME (/shm_tutorial.UID). Wait for it at most SECONDS each time (for ever).";

/* Ctrl-C and SIGTERM: there is nothing to clean up. It is no failure as long
   as no writer counts on us. */
static volatile sig_atomic_t met;
static void quit(int number)
{
    (void)number;
    _exit(met);
}

int main(int argc, char **argv)
{
    double timeout = HUGE_VAL; /* none */
    char own[sizeof MESSAGE_NAME + 10];
    snprintf(own, sizeof own, MESSAGE_NAME, geteuid());
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
        errx(2, "what is %s?\n%s", argv[optind], usage);

    /* Never let the object get the number of a closed stdout or stderr. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");

    signal(SIGINT, quit);
    signal(SIGTERM, quit);
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    /* 1 to 3. Open it, check it, map it, as soon as there is a writer's. */
    int fd;
    struct message *m;
    double limit = partner_now() + timeout;
    for (bool told = false;
         (m = partner_meet(name, MESSAGE_SIZE, MESSAGE_READY, &fd)) == NULL;
         told = true) {
        if (partner_now() >= limit)
            errx(1, "no writer came to %s in time", name);
        if (!told)
            fprintf(stderr, "reader[%d]: waiting for a writer at %s\n",
                    getpid(), name);
        const struct timespec soon = {.tv_nsec = 50000000};
        nanosleep(&soon, NULL);
    }
    met = 1;
    fprintf(stderr, "reader[%d]: met a writer at %s\n", getpid(), name);

    /* 4. Use it. The first room tells the writer that we are here. */
    struct partner *p = &m->partner;
    sem_post(&p->room);
    for (bool last = false; !last; sem_post(&p->room)) {
        int e = partner_wait(p, MESSAGE_READY, &p->full, fd, WRITER, timeout,
                             NULL, 0);
        if (e != 0)
            errx(1, "waiting for the writer: %s", partner_why(e));
        uint32_t length = atomic_load(&m->length);
        int more = 0; /* a writer of ours posts no second one before room */
        if (length > MESSAGE_MAX || sem_getvalue(&p->full, &more) || more > 0)
            errx(1, "%s: %u bytes and %d more posts: not from writer", name,
                 length, more);
        last = m->last != 0;
        if (fwrite(m->text, 1, length, stdout) != length ||
            putchar('\n') == EOF || fflush(stdout) == EOF)
            err(1, "write to stdout");
    }

    /* 5. Unmap it. The writer removes it. */
    if (munmap(m, MESSAGE_SIZE) == -1)
        err(1, "munmap");
    return 0;
}
