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
 * What orders the accesses, and how a death is noticed: message.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

static const char usage[] =
    "usage: reader [-s NAME] [-t SECONDS]\n"
    "Print the messages that a writer sends through the shared memory object\n"
    "NAME (/shm_tutorial.UID). Wait for it at most SECONDS each time (for ever).";

/* 1 to 3. Open the object, check it, map it: NULL when there is none that
   waits for a reader. */
static struct message *meet(const char *name, int *fd)
{
    *fd = shm_open(name, O_RDWR, 0);
    if (*fd == -1 && errno == ENOENT)
        return NULL;
    struct stat st;
    if (*fd == -1 || fstat(*fd, &st) == -1)
        err(1, "shm_open %s", name);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
        errx(1, "%s is not an object of yours: choose another -s", name);
    if (st.st_size != 0 && st.st_size != MESSAGE_SIZE)
        errx(1, "%s holds something else: choose another -s", name);
    /* Without a living writer it is a dead run's, which the next writer will
       remove; not yet sized, touching it would be a SIGBUS. */
    if (!message_held(*fd, WRITER) || st.st_size == 0) {
        close(*fd);
        return NULL;
    }
    struct message *m =
        mmap(NULL, MESSAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (m == MAP_FAILED)
        err(1, "mmap %s", name);
    /* The one reader: lock, then MET. And then ask again: a writer that died
       before it was MET never met us. */
    uint32_t state = atomic_load(&m->state);
    struct flock lock = message_bytes(READER, READER);
    if (state == MESSAGE_MET && message_held(*fd, READER))
        errx(1, "another reader is at work on %s", name);
    if (state == MESSAGE_READY && fcntl(*fd, F_OFD_SETLK, &lock) == 0 &&
        atomic_load(&m->state) == MESSAGE_READY) {
        if (!message_unused(m))
            errx(1, "%s holds something else: choose another -s", name);
        if (atomic_compare_exchange_strong(&m->state, &state, MESSAGE_MET) &&
            message_held(*fd, WRITER))
            return m;
    }
    munmap(m, MESSAGE_SIZE); /* not ready yet, or it had its reader */
    close(*fd);
    return NULL;
}

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

    int fd;
    struct message *m;
    double limit = message_now() + timeout;
    for (bool told = false; (m = meet(name, &fd)) == NULL; told = true) {
        if (message_now() >= limit)
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
    sem_post(&m->room);
    for (bool last = false; !last; sem_post(&m->room)) {
        int e = message_wait(m, &m->full, fd, WRITER, timeout, NULL);
        if (e != 0)
            errx(1, "waiting for the writer: %s", message_why(e));
        uint32_t length = atomic_load(&m->length);
        int more = 0; /* a writer of ours posts no second one before room */
        if (length > MESSAGE_MAX || sem_getvalue(&m->full, &more) || more > 0)
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
