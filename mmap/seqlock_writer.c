/*
 * seqlock_writer - write a text, and never wait for a reader     (lesson 1.5)
 *
 *     terminal 1$ ./mmap/seqlock_writer
 *     terminal 2$ ./mmap/seqlock_reader
 *     hello parent, i am your 朋友！！！
 *
 * There is one writer; a second one is refused. A writer that is killed in the
 * middle leaves no text until the next writer comes. See seqlock.h.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "seqlock.h"

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
    const char *path = optind < argc ? argv[optind] : SEQLOCK_FILE;
    struct timespec nap = {.tv_sec = (time_t)seconds};
    nap.tv_nsec = (long)((seconds - (double)nap.tv_sec) * 1e9);

    /* 1. Open the file, and be its one writer from here to our end. The lock
       goes with us, even by kill -9. */
    int fd = open_file(path);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1)
        err(1, "lock %s%s", path,
            errno == EAGAIN ? " (another writer is at work)" : "");

    /* 2. Map it. What is neither new nor ours stays as it is. */
    static const char zeros[FILE_SIZE];
    struct seqlock *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        err(1, "mmap %s", path);
    if (atomic_load(&shared->magic) != SEQLOCK_MAGIC &&
        memcmp((char *)shared, zeros, FILE_SIZE) != 0)
        errx(1, "%s holds something else: name another FILE", path);
    atomic_store(&shared->magic, SEQLOCK_MAGIC);
    fprintf(stderr, "seqlock_writer[%d]: writing to %s\n", getpid(), path);

    /* 3. Write. A reader needs a moment without a change to copy a text. With
       -i 0 it has the time that a system call takes. */
    for (long long n = 0; n < count; n++) {
        write_text(shared, texts[given == 0 ? 0 : n % given]);
        if (seconds == 0)
            sched_yield();
        else if (n + 1 < count)
            nanosleep(&nap, NULL);
    }
    return 0;
}
