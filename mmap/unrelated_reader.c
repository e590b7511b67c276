/*
 * unrelated_reader - look at the text, again and again           (lesson 4)
 *
 * Any number of these may look at what one unrelated_writer writes. None of
 * them ever makes it wait, and none can harm it: they map the file read-only.
 *
 *     $ ./mmap/unrelated_reader -n 2
 *     hello parent, i am your 朋友！！！
 *     hello parent, i am your 朋友！！！
 *
 * What orders the accesses: the sequence lock of unrelated.h.
 */
#define _GNU_SOURCE /* F_OFD_GETLK */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unrelated.h"

static const char usage[] =
    "usage: unrelated_reader [-n COUNT] [-i SECONDS] [-t SECONDS] [FILE]\n"
    "Print the text in FILE (data/work/temp) COUNT times (for ever), one every\n"
    "-i SECONDS (1). Wait -t SECONDS for the first (for ever).";

static double seconds(const char *s)
{
    char *end;
    double value = strtod(s, &end);
    if (end == s || *end != '\0' || !(value >= 0 && value <= 1e6))
        errx(2, "SECONDS is a number from 0 to 1000000\n%s", usage);
    return value;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Map FILE, if it is there and has its size. */
static const struct unrelated *attach(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (*fd == -1 && errno == ENOENT)
        return NULL;
    struct stat st;
    if (*fd == -1 || fstat(*fd, &st) == -1)
        err(1, "open %s", path);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
        errx(1, "%s is not a regular file of your own", path);
    if (st.st_size == 0) { /* not yet sized: touching it would be a SIGBUS */
        close(*fd);
        return NULL;
    }
    size_t size = sizeof(struct unrelated);
    if (st.st_size != (off_t)size)
        errx(1, "%s holds something else: name another file", path);
    const struct unrelated *u = mmap(NULL, size, PROT_READ, MAP_SHARED, *fd, 0);
    if (u == MAP_FAILED)
        err(1, "mmap %s", path);
    uint32_t magic = atomic_load(&u->magic);
    if (magic != 0 && magic != UNRELATED_MAGIC)
        errx(1, "%s holds something else: name another file", path);
    return u;
}

/* Ctrl-C and SIGTERM: there is nothing to clean up. */
static void quit(int number)
{
    (void)number;
    _exit(0);
}

int main(int argc, char **argv)
{
    long count = 0;                          /* for ever */
    double interval = 1, timeout = HUGE_VAL; /* for ever */
    char *end;
    int option;
    while ((option = getopt(argc, argv, "hi:n:t:")) != -1) {
        switch (option) {
        case 'i':
            interval = seconds(optarg);
            break;
        case 'n':
            count = strtol(optarg, &end, 10);
            if (end == optarg || *end != '\0' || count < 1 || count == LONG_MAX)
                errx(2, "COUNT is a whole number, 1 or more\n%s", usage);
            break;
        case 't':
            timeout = seconds(optarg);
            break;
        default:
            if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
                fflush(stdout) == EOF)
                err(1, "write to stdout");
            return option == 'h' ? 0 : 2;
        }
    }
    if (argc - optind > 1)
        errx(2, "one FILE, no more\n%s", usage);
    const char *path = optind < argc ? argv[optind] : UNRELATED_FILE;

    signal(SIGINT, quit);
    signal(SIGTERM, quit);
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    const struct unrelated *u = NULL;
    int fd = -1;
    unsigned long text[TEXT_WORDS + 1] = {0}; /* and a NUL in any case */
    bool have = false; /* a whole text in text[]: from then on we print */
    const char *told = "";
    double limit = now() + timeout;
    for (long n = 0;;) {
        /* 1 to 3. Open it, check its size, map it, once it is there. */
        if (u == NULL)
            u = attach(path, &fd);

        /* 4. Use it. */
        bool writer = u != NULL && owned(fd);
        if (u != NULL && read_text(u, text, writer))
            have = true;
        const char *tell = writer ? "a writer is at work"
                           : have ? "the writer is gone, its last text stays"
                                  : "waiting for a writer";
        if (strcmp(tell, told) != 0)
            fprintf(stderr, "unrelated_reader[%d]: %s: %s\n", getpid(), path,
                    told = tell);
        if (have && (puts((char *)text) == EOF || fflush(stdout) == EOF))
            err(1, "write to stdout");
        n += have;

        /* 5. Unmap it when its writer is gone: the next one may come with
           another file of that name. */
        if (u != NULL && !writer) {
            munmap((void *)u, sizeof *u);
            close(fd);
            u = NULL;
        }
        if (have && n == count)
            break;
        if (!have && now() >= limit)
            errx(1, "%s: no text in time", path);
        double wait = have ? interval : 0.05;
        struct timespec nap = {.tv_sec = (time_t)wait};
        nap.tv_nsec = (long)((wait - (double)nap.tv_sec) * 1e9);
        nanosleep(&nap, NULL);
    }
    return 0;
}
