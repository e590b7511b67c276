/*
 * message.h - what writer and reader agree on                    (lesson 2.1)
 *
 *     writer:  wait for room,  write the message,  post full
 *     reader:  wait for full,  read the message,   post room
 *
 * Two bytes of the object are locked, as those of a file: lockf(3). The kernel
 * drops a lock when its holder dies. So a byte that is free tells of a death.
 *
 *     WRITER  is locked by the writer, as long as it lives
 *     READER  by the writer until the object is ready, then by the reader;
 *             only its holder removes the name
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <err.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_NAME "/shm_tutorial.%u" /* with the user id */
enum { WRITER, READER };                /* bytes to lock */
#ifdef __GLIBC__
enum { MESSAGE_KIND = 0x6d736700 + sizeof(long), MESSAGE_MAX = 3072 };
#define MESSAGE_CLOCK CLOCK_MONOTONIC
#else /* musl has no sem_clockwait; its sem_timedwait(3) sleeps for a span */
enum { MESSAGE_KIND = 0x6d736710 + sizeof(long), MESSAGE_MAX = 3072 };
#define MESSAGE_CLOCK CLOCK_REALTIME
#define sem_clockwait(sem, clock, until) sem_timedwait(sem, until)
#endif

struct message {            /* The writer sets all of it: */
    int kind;               /* MESSAGE_KIND, stored first */
    int last;               /* 1 with the last message, else 0 */
    sem_t room;             /* 1 if a message may be written; at first 1 */
    sem_t full;             /* 1 if a message may be read; at first 0 */
    char text[MESSAGE_MAX]; /* ends with a NUL */
};
static const struct timespec message_nap = {.tv_nsec = 5000000};
static volatile sig_atomic_t message_stopped; /* by this signal, or 0 */

/* F_TLOCK locks bytes, F_ULOCK unlocks them, F_TEST asks: could we lock them? */
static inline bool message_lock(int fd, int how, int byte, int count)
{
    return lseek(fd, byte, SEEK_SET) == byte && lockf(fd, how, count) == 0;
}

/* Does the object still have its name? */
static inline bool message_named(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

/* Is it a message's object, and whole? Size first: what has one has a kind. */
static inline bool message_made(const char *name, int fd)
{
    struct stat st;
    int kind = 0;
    if (fstat(fd, &st) == -1 || pread(fd, &kind, sizeof kind, 0) == -1)
        err(1, "read %s", name);
    if (st.st_uid != geteuid())
        errx(1, "%s belongs to user %u: choose another -s", name, st.st_uid);
    bool whole = st.st_size == sizeof(struct message);
    if (st.st_size == 0 || (kind == MESSAGE_KIND && (whole || st.st_size == 4)))
        return whole;
    bool alien = kind != MESSAGE_KIND && kind >> 5 == MESSAGE_KIND >> 5;
    const char *why = alien ? "was made with another C library or word size"
                            : "holds something else";
    errx(1, "%s %s: choose another -s", name, why);
}

/* sem_wait(3), but false if the partner died before its sem_post, if the name
   was removed by others, or if a signal stopped us. It looks once a second. */
static inline bool message_wait(sem_t *sem, int fd, int partner)
{
    for (;;) {
        bool end = message_stopped != 0 ||
                   (!message_named(fd) && message_lock(fd, F_TEST, partner, 1));
        struct timespec until;
        clock_gettime(MESSAGE_CLOCK, &until);
        until.tv_sec += end ? 0 : 1;
        bool got = sem_clockwait(sem, MESSAGE_CLOCK, &until) == 0;
        if (got || end)
            return got;
    }
}

#endif
