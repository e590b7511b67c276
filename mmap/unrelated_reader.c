/*
 * unrelated_reader - print the text, again and again             (lesson 1.4)
 *
 *     $ ./mmap/unrelated_reader -n 1
 *     hello parent, i am your 朋友！！！
 *
 * Any number of these may run: they share the lock while they copy the text.
 * They print what is in the file, also when no writer is alive any more.
 */
#define _GNU_SOURCE
#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "unrelated.h"

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
    const char *path = optind < argc ? argv[optind] : TEXT_FILE;
    struct timespec nap = {.tv_sec = (time_t)seconds};
    nap.tv_nsec = (long)((seconds - (double)nap.tv_sec) * 1e9);

    /* 1. Open the file and map it, to read only. */
    int fd = open_file(path);
    const char *map = mmap(NULL, FILE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", path);
    fprintf(stderr, "unrelated_reader[%d]: waiting for a text in %s\n",
            getpid(), path);

    /* 2. Copy the text under the lock, and print the copy without it: a slow
       terminal must not make the writer wait. */
    char text[TEXT_SIZE + 1] = "";
    for (long long n = 0; n < count;) {
        if (flock(fd, LOCK_SH) == -1)
            err(1, "lock %s", path);
        memcpy(text, map + TEXT_OFFSET, TEXT_SIZE);
        flock(fd, LOCK_UN);

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
