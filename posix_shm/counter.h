/*
 * counter.h - where the counters meet                            (lesson 2.4)
 *
 * Each counter has a shared lock on the object as long as it lives: fcntl(2). A
 * counter that finds no such lock is alone: it is the first or the last, or all
 * others are dead. The first initialises the object, the last removes it. While
 * one opens or leaves the object it also has flock(2): one at a time.
 */
#ifndef COUNTER_H
#define COUNTER_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef __GLIBC__
enum { COUNTER_KIND = 0x636e7400 + sizeof(long), COUNTER_ROWS = 1000 };
#define COUNTER_CLOCK CLOCK_MONOTONIC
#else /* musl: another mutex, and no pthread_mutex_clocklock */
enum { COUNTER_KIND = 0x636e7410 + sizeof(long), COUNTER_ROWS = 1000 };
#define COUNTER_CLOCK CLOCK_REALTIME
#define pthread_mutex_clocklock(m, clock, until) \
    pthread_mutex_timedlock(m, until)
#endif

struct counter {
    int kind;                      /* COUNTER_KIND; the first stores it first */
    pthread_mutex_t mutex;         /* robust; its owner may use the rest */
    int rows;                      /* in use, 0 to COUNTER_ROWS */
    long long added[COUNTER_ROWS]; /* what each process has added */
    long long total;               /* the sum of added */
};

static char counter_name[32]; /* with the user id */
static int counter_fd;
static volatile sig_atomic_t counter_stopped; /* by this signal, or 0 */

/* Take the shared lock (F_RDLCK) or drop it. Are we alone? */
static inline int counter_alone(short type)
{
    struct flock here = {.l_type = type}, other = {.l_type = F_WRLCK};
    if (fcntl(counter_fd, F_SETLK, &here) == -1 ||
        fcntl(counter_fd, F_GETLK, &other) == -1)
        err(1, "fcntl");
    return other.l_type == F_UNLCK;
}

/* Leave, and remove the object if we are the last. */
static inline void counter_close(void)
{
    struct stat st;
    flock(counter_fd, LOCK_EX);
    if (counter_alone(F_UNLCK) && fstat(counter_fd, &st) == 0 &&
        st.st_nlink > 0)
        shm_unlink(counter_name); /* else someone removed the name */
    flock(counter_fd, LOCK_UN);
}

static inline void counter_fail(const char *what)
{
    warn("%s %s", what, counter_name);
    counter_close();
    exit(1);
}

/* Open the object, and initialise it if we are the first. */
static inline struct counter *counter_open(void)
{
    struct stat st;
    int kind = COUNTER_KIND;
    umask(077);
    snprintf(counter_name, sizeof counter_name, "/shm_counter.%u", geteuid());
    for (;; close(counter_fd)) {
        counter_fd = shm_open(counter_name, O_RDWR | O_CREAT, 0600);
        if (counter_fd == -1 || flock(counter_fd, LOCK_EX) == -1 ||
            fstat(counter_fd, &st) == -1)
            err(1, "shm_open %s", counter_name);
        if (st.st_nlink > 0)
            break; /* else it was removed while we waited for the lock */
    }
    if (pread(counter_fd, &kind, sizeof kind, 0) == -1 ||
        kind != COUNTER_KIND || st.st_uid != geteuid())
        errx(1, "%s is something else, or of another user or library",
             counter_name);

    int first = counter_alone(F_RDLCK);
    if (first &&
        (ftruncate(counter_fd, 0) == -1 ||
         pwrite(counter_fd, &kind, sizeof kind, 0) == -1 ||
         (errno = posix_fallocate(counter_fd, 0, sizeof(struct counter)))))
        counter_fail("allocate memory for");
    struct counter *c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE,
                             MAP_SHARED, counter_fd, 0);
    if (c == MAP_FAILED)
        counter_fail("mmap");
    if (first) {
        pthread_mutexattr_t shared;
        pthread_mutexattr_init(&shared);
        pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
        errno = pthread_mutex_init(&c->mutex, &shared);
        if (errno != 0)
            counter_fail("pthread_mutex_init");
    }
    flock(counter_fd, LOCK_UN);
    return c;
}

/* Like pthread_mutex_lock, but look again each second: a process that is killed
   just as it is woken takes the wake-up with it, and glibc wakes nobody else. */
static inline int counter_lock(struct counter *c)
{
    for (;;) {
        struct timespec until;
        clock_gettime(COUNTER_CLOCK, &until);
        until.tv_sec++;
        int error = pthread_mutex_clocklock(&c->mutex, COUNTER_CLOCK, &until);
        if (error != ETIMEDOUT || counter_stopped != 0)
            return error;
    }
}

#endif
