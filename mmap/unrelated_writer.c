/*
 * unrelated_writer - write a text again and again                (lesson 1.4)
 *
 *     terminal 1$ ./mmap/unrelated_writer
 *     terminal 2$ ./mmap/unrelated_reader
 *     hello parent, i am your 朋友！！！
 *
 * Several writers take turns, by the lock on the file. A writer that is killed
 * leaves the old text, none or the new one. See unrelated.h.
 */
#define _GNU_SOURCE
#include <err.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "unrelated.h"

int main(int argc, char **argv)
{
    const char *texts[16] = {"hello parent, i am your 朋友！！！\n"};
    long long count = LLONG_MAX;
    double seconds = 2;
    int option, ok = 1, given = 0;
    char rest;
    while (ok && (option = getopt(argc, argv, "n:i:m:")) != -1)
        if (option == 'm' && strlen(optarg) >= TEXT_SIZE)
            errx(2, "TEXT has %zu bytes, at most %d fit", strlen(optarg),
                 TEXT_SIZE - 1);
        else if (option == 'm' && given < 16)
            texts[given++] = optarg;
        else if (option == 'n')
            ok = sscanf(optarg, "%18lld%c", &count, &rest) == 1;
        else
            ok = option == 'i' && sscanf(optarg, "%lf%c", &seconds, &rest) == 1;
    if (!ok || count < 1 || !(seconds >= 0 && seconds <= 1e6) ||
        argc - optind > 1)
        errx(2, "usage: [-n COUNT] [-i SECONDS] [-m TEXT]... [FILE]");
    const char *path = optind < argc ? argv[optind] : TEXT_FILE;
    struct timespec nap = {.tv_sec = (time_t)seconds};
    nap.tv_nsec = (long)((seconds - (double)nap.tv_sec) * 1e9);

    /* 1. Open the file and map it. What is not ours stays as it is. */
    static const char zeros[TEXT_OFFSET];
    int fd = open_file(path);
    char *map =
        mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", path);
    if (memcmp(map, zeros, TEXT_OFFSET) != 0)
        errx(1, "%s holds something else: name another FILE", path);
    fprintf(stderr, "unrelated_writer[%d]: writing to %s\n", getpid(), path);

    /* 2. Write. The first byte goes first and comes last, so that a kill in
       between leaves no text, never half of one. The fences keep the compiler
       from changing this order; between processors the lock keeps it. */
    char *shown = map + TEXT_OFFSET;
    for (long long n = 0; n < count; n++) {
        const char *text = texts[given == 0 ? 0 : n % given];
        if (flock(fd, LOCK_EX) == -1)
            err(1, "lock %s", path);
        if (strncmp(shown, text, TEXT_SIZE) != 0) {
            shown[0] = '\0';
            atomic_signal_fence(memory_order_seq_cst);
            memcpy(shown + 1, text + 1, strlen(text));
            atomic_signal_fence(memory_order_seq_cst);
            shown[0] = text[0];
        }
        flock(fd, LOCK_UN);
        if (seconds > 0 && n + 1 < count)
            nanosleep(&nap, NULL);
    }
    return 0;
}
