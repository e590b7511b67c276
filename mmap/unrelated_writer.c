/*
 * unrelated_writer - write a text again and again, for any reader (lesson 4)
 *
 * Processes that are no relatives meet at a name: a file. Each maps it for
 * itself, at an address of its own, and the kernel shows all the same page.
 *
 *     terminal 1$ ./mmap/unrelated_writer
 *     terminal 2$ ./mmap/unrelated_reader
 *     hello parent, i am your 朋友！！！
 *     hello parent, i am your 朋友！！！
 *
 * What orders the accesses: the sequence lock of unrelated.h.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unrelated.h"

enum { MAX_TEXTS = 16 };

static const char usage[] =
    "usage: unrelated_writer [-n COUNT] [-i SECONDS] [-m TEXT]... [FILE]\n"
    "Write TEXT into FILE (data/work/temp) COUNT times (for ever), one every\n"
    "SECONDS (2). Several -m take turns.";

/* FILE, open and locked: from here to our end we are its one writer. */
static int own(const char *path)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd == -1)
            err(1, "open %s", path);
        struct flock lock = owner_lock();
        if (fcntl(fd, F_OFD_SETLK, &lock) == -1) {
            if (errno == EAGAIN || errno == EACCES)
                errx(1, "another writer is at work on %s", path);
            err(1, "lock %s", path);
        }
        struct stat st;
        if (fstat(fd, &st) == -1)
            err(1, "fstat %s", path);
        if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
            errx(1, "%s is not a regular file of your own", path);
        if (st.st_size != 0 && st.st_size != sizeof(struct unrelated))
            errx(1, "%s holds something else: name another file", path);
        if (st.st_nlink > 0)
            return fd;
        close(fd); /* it lost its name before we had the lock: make it anew */
    }
}

int main(int argc, char **argv)
{
    const char *texts[MAX_TEXTS] = {"hello parent, i am your 朋友！！！"};
    int given = 0;
    long count = 0; /* for ever */
    double interval = 2;
    char *end;
    int option;
    while ((option = getopt(argc, argv, "hi:m:n:")) != -1) {
        switch (option) {
        case 'i':
            interval = strtod(optarg, &end);
            if (end == optarg || *end != '\0' ||
                !(interval >= 0 && interval <= 1e6))
                errx(2, "SECONDS is a number from 0 to 1000000\n%s", usage);
            break;
        case 'm':
            if (given == MAX_TEXTS)
                errx(2, "there are too many -m\n%s", usage);
            if (strlen(optarg) >= TEXT_SIZE)
                errx(2, "TEXT has %zu bytes, and %d are the most\n%s",
                     strlen(optarg), TEXT_SIZE - 1, usage);
            texts[given++] = optarg;
            break;
        case 'n':
            count = strtol(optarg, &end, 10);
            if (end == optarg || *end != '\0' || count < 1 || count == LONG_MAX)
                errx(2, "COUNT is a whole number, 1 or more\n%s", usage);
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

    /* Never let a file get the number of a closed stdout or stderr. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");

    /* Ctrl-C and SIGTERM do not interrupt us, they wait until we ask. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is EFBIG, no death */

    /* 1. Create the file, or open the one that is there. */
    int fd = own(path);

    /* 2. Size it: before it has its size, using a mapping of it is a SIGBUS.
       ftruncate(2) would set the size and promise nothing, and on a full disk
       the first write would be the SIGBUS; posix_fallocate(3) says ENOSPC. */
    while ((errno = posix_fallocate(fd, 0, sizeof(struct unrelated))) != 0) {
        if (errno == EINTR)
            continue;
        warn("allocate %zu bytes for %s", sizeof(struct unrelated), path);
        if (lseek(fd, 0, SEEK_END) == 0) /* leave no empty file behind */
            unlink(path);
        return 1;
    }

    /* 3. Map it. */
    struct unrelated *u =
        mmap(NULL, sizeof *u, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (u == MAP_FAILED)
        err(1, "mmap %s", path);
    static const char nothing[sizeof *u]; /* as a dead writer may leave it */
    if (atomic_load(&u->magic) != UNRELATED_MAGIC &&
        memcmp((char *)u, nothing, sizeof nothing) != 0)
        errx(1, "%s holds something else: name another file", path);
    atomic_store(&u->magic, UNRELATED_MAGIC);
    fprintf(stderr, "unrelated_writer[%d]: writing to %s\n", getpid(), path);

    /* 4. Use it. sigtimedwait(2) is a sleep that Ctrl-C ends (and that Ctrl-Z
       and fg cut short: signal(7)). */
    struct timespec nap = {.tv_sec = (time_t)interval};
    nap.tv_nsec = (long)((interval - (double)nap.tv_sec) * 1e9);
    long n = 0;
    do
        write_text(u, texts[given == 0 ? 0 : n % given]);
    while (++n != count && sigtimedwait(&stop, NULL, &nap) == -1);
    fprintf(stderr, "unrelated_writer[%d]: wrote %ld times\n", getpid(), n);

    /* 5. Unmap. The file stays, with the last text in it. */
    if (munmap(u, sizeof *u) == -1)
        err(1, "munmap %s", path);
    close(fd); /* and with it the owner's lock */
    return 0;
}
