/*
 * partner.h - how writer and reader meet in an object, and wait for each other
 *
 * An object begins with a struct partner. What orders what:
 *   - The semaphores: sem_init(3) comes before state = READY (release), and
 *     the reader's first look is at state (acquire). Until MET nobody uses them.
 *   - What is posted: a wait that returns sees all that came before the post
 *     (POSIX XBD, "Memory Synchronization").
 *   - One reader: it moves state from READY to MET, and nobody moves it back.
 *     So no second one comes in, not even after the first one's death.
 *   - A death: who waits asks for the partner's lock (owner.h), and then looks
 *     at the semaphore a last time, for what the partner did post it posted
 *     before it died.
 *
 * tests/deep/models/message.pml takes each of these away, and finds what breaks.
 */
#ifndef PARTNER_H
#define PARTNER_H

#include <assert.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "owner.h"

/* What is inside a sem_t is the C library's affair: build both programs with
   the same one. */
struct partner {
    _Atomic uint32_t state; /* 0; a pair's own READY, by the writer when all is
                               initialised; READY + 1, MET, by the reader */
    sem_t room;             /* how many may be written; posted by the reader */
    sem_t full;             /* how many may be read; posted by the writer */
};
static_assert(ATOMIC_INT_LOCK_FREE == 2, "else its lock is not shared");

static inline double partner_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Are the semaphores as sem_init(3) leaves them? The C library trusts what is
   in a sem_t: other bytes may make it abort, or never come back. */
static inline bool partner_unused(const struct partner *p)
{
    sem_t unused; /* all of it, also what sem_init leaves as it was */
    memset(&unused, 0, sizeof unused);
    return sem_init(&unused, 1, 0) == 0 &&
           memcmp(&p->room, &unused, sizeof unused) == 0 &&
           memcmp(&p->full, &unused, sizeof unused) == 0;
}

/* The writer's part: all is initialised, a reader may come. */
static inline void partner_ready(struct partner *p, uint32_t ready)
{
    if (sem_init(&p->room, 1, 0) == -1 || sem_init(&p->full, 1, 0) == -1)
        err(1, "sem_init");
    atomic_store(&p->state, ready);
}

/* The reader's part: open the object, check it, map it, be its one reader. NULL
   when there is none that waits for one. */
static inline void *partner_meet(const char *name, size_t size, uint32_t ready,
                                 int *fd)
{
    *fd = shm_open(name, O_RDWR, 0);
    if (*fd == -1 && errno == ENOENT)
        return NULL;
    /* Without a living writer it is a dead run's, which the next writer will
       remove; not yet sized, touching it would be a SIGBUS. */
    if (owner_check(name, *fd, (off_t)size) == 0 || !owner_held(*fd, WRITER)) {
        close(*fd);
        return NULL;
    }
    struct partner *p =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", name);
    /* The one reader: lock, then MET. And then ask again: a writer that died
       before it was MET never met us. */
    uint32_t state = atomic_load(&p->state);
    struct flock lock = owner_bytes(READER, READER);
    if (state == ready + 1 && owner_held(*fd, READER))
        errx(1, "another reader is at work on %s", name);
    if (state == ready && fcntl(*fd, F_OFD_SETLK, &lock) == 0 &&
        atomic_load(&p->state) == ready) {
        if (!partner_unused(p))
            errx(1, "%s holds something else: choose another -s", name);
        if (atomic_compare_exchange_strong(&p->state, &state, ready + 1) &&
            owner_held(*fd, WRITER))
            return p;
    }
    munmap(p, size); /* not ready yet, or it had its reader */
    close(*fd);
    return NULL;
}

/* sem_wait(3) with a partner that may die, WRITER or READER. Returns 0, or
   EOWNERDEAD when it did, ETIMEDOUT after so many seconds, EINTR when one of
   the signals in stop came, which the caller has blocked. It tries so many
   times before it sleeps, see stream.h. Asleep, it looks 20 times a second, and
   200 times for its first partner; a clock set back meanwhile makes one look
   late. */
static inline int partner_wait(struct partner *p, uint32_t ready,
                               sem_t *semaphore, int fd, int partner,
                               double seconds, const sigset_t *stop, int tries)
{
    while (tries-- > 0 && atomic_load(&p->state) == ready + 1)
        if (sem_trywait(semaphore) == 0)
            return 0;
    double end = partner_now() + seconds;
    for (;;) {
        if (stop != NULL && sigtimedwait(stop, NULL, &(struct timespec){0}) > 0)
            return EINTR;
        bool met = atomic_load(&p->state) == ready + 1;
        bool dead = met && !owner_held(fd, partner);
        struct timespec t; /* sem_timedwait(3) wants a CLOCK_REALTIME time */
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_nsec += dead ? 0 : 50000000;
        t.tv_sec += t.tv_nsec / 1000000000;
        t.tv_nsec %= 1000000000;
        if (!met) /* a short nap: the semaphore stays unused until MET */
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        else if (sem_timedwait(semaphore, &t) == 0)
            return 0;
        else if (errno != ETIMEDOUT && errno != EINTR)
            return errno;
        else if (dead && errno == ETIMEDOUT)
            return EOWNERDEAD;
        if (partner_now() >= end)
            return ETIMEDOUT;
    }
}

/* The same in words. */
static inline const char *partner_why(int e)
{
    return e == EOWNERDEAD  ? "it is gone"
           : e == ETIMEDOUT ? "it did not come in time"
           : e == EINTR     ? "interrupted"
                            : strerror(e);
}

#endif
