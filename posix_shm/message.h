/*
 * message.h - what writer and reader agree on
 *
 * Two semaphores hand the one place for a message to and fro, so that each
 * message arrives once, in order, and whole:
 *
 *     writer:  wait for room,  write the message,  post full
 *     reader:  wait for full,  read the message,   post room
 *
 * What orders what:
 *   - The message: a wait that returns sees all that came before the post
 *     (POSIX XBD, "Memory Synchronization").
 *   - The semaphores: sem_init(3) comes before state = READY (release), and
 *     the reader's first look is at state (acquire). Until MET nobody uses them.
 *   - One reader: it moves state from READY to MET, and nobody moves it back.
 *     So no second one comes in, not even after the first one's death.
 *
 * Who is alive: three bytes of the object are locked as those of a file, and
 * the kernel drops a lock when its holder dies (fcntl(2), "Open file
 * description locks"). OWNER is the right to the name, only its holder unlinks
 * it; WRITER lives as long as who made the object, READER as its reader. A
 * writer that clears away a dead one's object takes OWNER alone, so that
 * nobody takes it for the dead one.
 *
 * tests/models/message.pml and owner.pml take each of these away, and find what
 * breaks: make models.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define MESSAGE_NAME "/shm_tutorial.%u" /* with the user's id */
enum { MESSAGE_MAX = 3072, MESSAGE_SIZE = 4096 };
enum { OWNER, WRITER, READER }; /* bytes to lock */
/* 0, as the kernel hands out memory, is neither. */
enum { MESSAGE_READY = 0x6d736730, MESSAGE_MET = 0x6d736731 };

/* What is inside a sem_t is the C library's affair: build both programs with
   the same one. */
struct message {
    _Atomic uint32_t state;  /* 0; READY by the writer; MET by the reader */
    uint32_t last;           /* 1 with the last message, else 0; writer */
    _Atomic uint32_t length; /* bytes in text, 0 to MESSAGE_MAX; writer. Atomic
                                so that the reader checks and uses one load */
    char text[MESSAGE_MAX];  /* no NUL at its end; writer */
    sem_t room;              /* 1: text may be written; posted by the reader */
    sem_t full;              /* 1: text may be read; posted by the writer */
};
static_assert(ATOMIC_INT_LOCK_FREE == 2, "else its lock is not shared");
static_assert(sizeof(struct message) <= MESSAGE_SIZE, "");

/* Bytes first to last of the object, to lock or to ask for. */
static inline struct flock message_bytes(int first, int last)
{
    return (struct flock){
        .l_type = F_WRLCK, .l_start = first, .l_len = last - first + 1};
}

/* Does another process hold this byte? Asks, and takes nothing. */
static inline bool message_held(int fd, int byte)
{
    struct flock lock = message_bytes(byte, byte);
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static inline double message_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Are the semaphores as sem_init(3) leaves them? The C library trusts what is
   in a sem_t: other bytes may make it abort, or never come back. Asked by who
   holds READER, before MET. */
static inline bool message_unused(const struct message *m)
{
    sem_t unused; /* all of it, also what sem_init leaves as it was */
    memset(&unused, 0, sizeof unused);
    return sem_init(&unused, 1, 0) == 0 &&
           memcmp(&m->room, &unused, sizeof unused) == 0 &&
           memcmp(&m->full, &unused, sizeof unused) == 0;
}

/* sem_wait(3) with a partner that may die. Returns 0, or EOWNERDEAD when it
   did, ETIMEDOUT after so many seconds, EINTR when one of the signals in stop
   came, which the caller has blocked. It looks 20 times a second; a clock set
   back meanwhile makes that one look late. */
static inline int message_wait(struct message *m, sem_t *semaphore, int fd,
                               int partner, double seconds,
                               const sigset_t *stop)
{
    double end = message_now() + seconds;
    for (;;) {
        if (stop != NULL && sigtimedwait(stop, NULL, &(struct timespec){0}) > 0)
            return EINTR;
        bool met = atomic_load(&m->state) == MESSAGE_MET;
        /* Asked before we look: what it did post, it posted before it died. */
        bool dead = met && !message_held(fd, partner);
        struct timespec t; /* sem_timedwait(3) wants a CLOCK_REALTIME time */
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_nsec += dead ? 0 : 50000000;
        t.tv_sec += t.tv_nsec / 1000000000;
        t.tv_nsec %= 1000000000;
        if (!met) /* a nap of the same length; the semaphore stays unused */
            nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        else if (sem_timedwait(semaphore, &t) == 0)
            return 0;
        else if (errno != ETIMEDOUT && errno != EINTR)
            return errno;
        else if (dead && errno == ETIMEDOUT)
            return EOWNERDEAD;
        if (message_now() >= end)
            return ETIMEDOUT;
    }
}

/* The same in words. */
static inline const char *message_why(int e)
{
    return e == EOWNERDEAD  ? "it is gone"
           : e == ETIMEDOUT ? "it did not come in time"
           : e == EINTR     ? "interrupted"
                            : strerror(e);
}

#endif
