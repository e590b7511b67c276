/*
 * seqlock_reader - print the text, and never make the writer wait (lesson 1.5)
 *
 *     $ ./mmap/seqlock_reader -n 1
 *     hello parent, i am your 朋友！！！
 *
 * Any number of these may run. They map the file to read only, take no lock,
 * and say whether a writer is alive. See seqlock.h.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "seqlock.h"

int main(int argc, char **argv)
{
    long long count = LLONG_MAX;
    double seconds = 1;
    int option, ok = 1;
    char rest;
    while (ok && (option = getopt(argc, argv, "n:i:")) != -1)
        if (option == 'n')
            ok = sscanf(optarg, "%18lld%c", &count, &rest) == 1;
        else
            ok = option == 'i' && sscanf(optarg, "%lf%c", &seconds, &rest) == 1;
    if (!ok || count < 1 || !(seconds >= 0 && seconds <= 1e6) ||
        argc - optind > 1)
        errx(2, "usage: [-n COUNT] [-i SECONDS] [FILE]");
    const char *path = optind < argc ? argv[optind] : SEQLOCK_FILE;
    struct timespec nap = {.tv_sec = (time_t)seconds};
    nap.tv_nsec = (long)((seconds - (double)nap.tv_sec) * 1e9);

    /* 1. Open the file and map it, to read only. */
    int fd = open_file(path);
    const struct seqlock *shared =
        mmap(NULL, sizeof *shared, PROT_READ, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        err(1, "mmap %s", path);

    char text[TEXT_SIZE + 1] = ""; /* the last whole text, and a NUL */
    const char *told = "";
    for (long long n = 0; n < count;) {
        /* 2. Is a writer alive? Ask for its lock, and take nothing: only a
           lock to write conflicts with F_RDLCK. */
        struct flock lock = {.l_type = F_RDLCK, .l_len = 1};
        if (fcntl(fd, F_OFD_GETLK, &lock) == -1)
            err(1, "ask for the lock on %s", path);
        bool alive = lock.l_type != F_UNLCK;

        /* 3. Copy the text. Retry up to 10,000 times (2 ms) while a writer is
           alive; once if none is. Without success the last text stays. */
        for (int tries = alive ? 10000 : 1; tries > 0; tries--)
            if (shared->magic == SEQLOCK_MAGIC && read_text(shared, text))
                break;
        const char *tell = alive             ? "a writer is at work"
                           : text[0] != '\0' ? "the writer is gone"
                                             : "waiting for a writer";
        if (tell != told)
            fprintf(stderr, "seqlock_reader: %s: %s\n", path, tell);
        told = tell;

        /* 4. Print it. */
        if (text[0] == '\0') { /* no text yet: look again in 5 ms */
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
            continue;
        }
        if (puts(text) == EOF || fflush(stdout) == EOF)
            err(1, "cannot print the text");
        if (++n < count && seconds > 0)
            nanosleep(&nap, NULL);
    }
    return 0;
}
