/*
 * steps.h - make every step of a program a place to stand still
 *
 *     cc -include tests/lib/steps.h posix_shm/writer.c -o writer
 *     STEP_HOLD=7 ./writer        # stops (SIGSTOP) before its 7th step
 *
 * Between two steps that belong together (create and lock, size and publish,
 * lock and write) there is a moment in which another process may come, or a
 * kill -9. It is too short to be hit by chance. Compiled with this file a
 * program, itself unchanged, says what it is about to do, before each call and
 * each atomic access and fence that matters and in the middle of each memcpy(3),
 * and does what the environment asks:
 *
 *     STEP_HOLD=N      stop before step N. Each place in the source counts the
 *                      first three times it is reached, so that a loop that
 *                      polls does not use the numbers up.
 *     STEP_AT=CALL:N   stop before it calls this for the Nth time, counted so
 *     STEP_CHILD=N     stop the child that the program forks before its step N
 *     STEP_DELAY=SEED  sleep up to 2 ms before one step in eight, by chance,
 *                      at most 20 times in one place
 *     STEP_STORM=1     a signal with an empty handler every millisecond; with 2
 *                      calls go on after it, as far as they can: SA_RESTART
 *
 * Who waits for a semaphore and looks once a second looks every 50 ms here, or
 * each round would take a second. (LD_PRELOAD and strace(1) see calls alone, and
 * no store into memory.)
 */
#ifndef STEPS_H
#define STEPS_H

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    pid_t first;               /* the process that was started */
    int hold[2];               /* STEP_HOLD and STEP_CHILD */
    char at[32];               /* STEP_AT: the call */
    int nth;                   /* and how many times more */
    int delay;                 /* STEP_DELAY was given */
    unsigned seed;             /* and what it has become */
    int count[2];              /* steps so far, of the child: its own */
    unsigned char visits[512]; /* of each place, at most 3; of some, 9 */
    unsigned char sleeps[512]; /* in each place, at most 20 */
} steps;

static void step_nothing(int number)
{
    (void)number;
}

__attribute__((constructor)) static void step_start(void)
{
    const char *hold = getenv("STEP_HOLD"), *child = getenv("STEP_CHILD");
    const char *delay = getenv("STEP_DELAY"), *at = getenv("STEP_AT");
    steps.first = getpid();
    steps.hold[0] = hold == NULL ? 0 : atoi(hold);
    steps.hold[1] = child == NULL ? 0 : atoi(child);
    if (at != NULL && sscanf(at, "%31[^:]:%d", steps.at, &steps.nth) != 2)
        errx(2, "STEP_AT=%s", at);
    steps.delay = delay != NULL;
    steps.seed = delay == NULL ? 0 : (unsigned)atoi(delay);
    if (getenv("STEP_STORM") != NULL) {
        struct sigaction action = {.sa_handler = step_nothing};
        struct itimerval timer = {{0, 1000}, {0, 1000}};
        action.sa_flags = atoi(getenv("STEP_STORM")) == 2 ? SA_RESTART : 0;
        sigaction(SIGALRM, &action, NULL);
        setitimer(ITIMER_REAL, &timer, NULL);
    }
}

static inline void step(int place, int most, const char *name, const char *file,
                        int line)
{
    int error = errno;
    if (steps.delay && place < (int)sizeof steps.sleeps &&
        steps.sleeps[place] < 20 && rand_r(&steps.seed) % 8 == 0) {
        steps.sleeps[place]++;
        struct timespec t = {.tv_nsec = rand_r(&steps.seed) % 2000000};
        nanosleep(&t, NULL);
    }
    const int child = getpid() != steps.first;
    if (place < (int)sizeof steps.visits && steps.visits[place] < most) {
        steps.visits[place]++;
        bool here = strcmp(steps.at, name) == 0 && --steps.nth == 0;
        if (++steps.count[child] == steps.hold[child] || here) {
            dprintf(2, "# held before step %d, %s (%s:%d)\n",
                    steps.count[child], name, file, line);
            raise(SIGSTOP);
        }
    }
    errno = error;
}

#define STEP(name) step(__COUNTER__, 3, #name, __FILE__, __LINE__)
/* In a function that is called for several reasons. */
#define STEP_OFTEN(name) step(__COUNTER__, 9, #name, __FILE__, __LINE__)

/* memcpy(3) in two steps, for half a copy is what a kill may leave. */
static inline void *step_copy(int place, int middle, void *to, const void *from,
                              size_t size, const char *file, int line)
{
    step(place, 3, "memcpy", file, line);
    memcpy(to, from, size / 2);
    step(middle, 3, "half a memcpy", file, line);
    memcpy((char *)to + size / 2, (const char *)from + size / 2,
           size - size / 2);
    return to;
}

/* UNTIL, or 50 ms from now if that is sooner. */
static inline const struct timespec *step_soon(clockid_t clock,
                                               const struct timespec *until)
{
    static struct timespec soon;
    clock_gettime(clock, &soon);
    soon.tv_nsec += 50000000;
    if (soon.tv_nsec >= 1000000000) {
        soon.tv_nsec -= 1000000000;
        soon.tv_sec++;
    }
    bool later = soon.tv_sec > until->tv_sec || (soon.tv_sec == until->tv_sec &&
                                                 soon.tv_nsec > until->tv_nsec);
    return later ? until : &soon;
}

/* In what follows a name that stands in its own expansion is not expanded
   again: C11 6.10.3.4. */
#define accept4(...) (STEP(accept4), accept4(__VA_ARGS__))
#define bind(...) (STEP(bind), bind(__VA_ARGS__))
#define close(...) (STEP(close), close(__VA_ARGS__))
#define connect(...) (STEP(connect), connect(__VA_ARGS__))
#define fcntl(...) (STEP(fcntl), fcntl(__VA_ARGS__))
#define flock(...) (STEP(flock), flock(__VA_ARGS__))
#define fork() (STEP(fork), fork())
#define fstat(...) (STEP_OFTEN(fstat), fstat(__VA_ARGS__))
#define fstatfs(...) (STEP(fstatfs), fstatfs(__VA_ARGS__))
#define ftruncate(...) (STEP(ftruncate), ftruncate(__VA_ARGS__))
#define fwrite(...) (STEP(fwrite), fwrite(__VA_ARGS__))
#define getppid() (STEP(getppid), getppid())
#define getsockopt(...) (STEP(getsockopt), getsockopt(__VA_ARGS__))
#define listen(...) (STEP(listen), listen(__VA_ARGS__))
#define lockf(...) (STEP_OFTEN(lockf), lockf(__VA_ARGS__))
#define lstat(...) (STEP(lstat), lstat(__VA_ARGS__))
#define memcpy(to, from, size) \
    step_copy(__COUNTER__, __COUNTER__, to, from, size, __FILE__, __LINE__)
#define memfd_create(...) (STEP(memfd_create), memfd_create(__VA_ARGS__))
#define mmap(...) (STEP(mmap), mmap(__VA_ARGS__))
#define msync(...) (STEP(msync), msync(__VA_ARGS__))
#define munmap(...) (STEP(munmap), munmap(__VA_ARGS__))
#define open(...) (STEP(open), open(__VA_ARGS__))
#define posix_fallocate(...) (STEP(fallocate), posix_fallocate(__VA_ARGS__))
#define poll(...) (STEP(poll), poll(__VA_ARGS__))
#define pread(...) (STEP(pread), pread(__VA_ARGS__))
#define prctl(...) (STEP(prctl), prctl(__VA_ARGS__))
#define printf(...) (STEP(printf), printf(__VA_ARGS__))
#define pthread_mutex_consistent(...) \
    (STEP(mutex_consistent), pthread_mutex_consistent(__VA_ARGS__))
#define pthread_mutex_init(...) \
    (STEP(mutex_init), pthread_mutex_init(__VA_ARGS__))
#ifdef __GLIBC__
#define pthread_mutex_clocklock(...) \
    (STEP(mutex_lock), pthread_mutex_clocklock(__VA_ARGS__))
#else
#define pthread_mutex_timedlock(...) \
    (STEP(mutex_lock), pthread_mutex_timedlock(__VA_ARGS__))
#endif
#define pthread_mutex_unlock(...) \
    (STEP(mutex_unlock), pthread_mutex_unlock(__VA_ARGS__))
#define puts(...) (STEP(puts), puts(__VA_ARGS__))
#define pwrite(...) (STEP(pwrite), pwrite(__VA_ARGS__))
#define read(...) (STEP(read), read(__VA_ARGS__))
#define recvmsg(...) (STEP(recvmsg), recvmsg(__VA_ARGS__))
#ifdef __GLIBC__
#define sem_clockwait(sem, clock, until) \
    (STEP(sem_clockwait), sem_clockwait(sem, clock, step_soon(clock, until)))
#endif
#define sem_getvalue(...) (STEP(sem_getvalue), sem_getvalue(__VA_ARGS__))
#define sem_init(...) (STEP(sem_init), sem_init(__VA_ARGS__))
#define sem_post(...) (STEP(sem_post), sem_post(__VA_ARGS__))
#define sem_timedwait(sem, until) \
    (STEP(sem_timedwait), sem_timedwait(sem, step_soon(CLOCK_REALTIME, until)))
#define sem_trywait(...) (STEP(sem_trywait), sem_trywait(__VA_ARGS__))
#define sem_wait(...) (STEP(sem_wait), sem_wait(__VA_ARGS__))
#define semctl(...) (STEP(semctl), semctl(__VA_ARGS__))
#define semget(...) (STEP(semget), semget(__VA_ARGS__))
#define semop(...) (STEP(semop), semop(__VA_ARGS__))
#define semtimedop(...) (STEP(semtimedop), semtimedop(__VA_ARGS__))
#define send(...) (STEP(send), send(__VA_ARGS__))
#define sendmsg(...) (STEP(sendmsg), sendmsg(__VA_ARGS__))
#define shm_open(...) (STEP(shm_open), shm_open(__VA_ARGS__))
#define shm_unlink(...) (STEP(shm_unlink), shm_unlink(__VA_ARGS__))
#define shmat(...) (STEP(shmat), shmat(__VA_ARGS__))
#define shmctl(...) (STEP(shmctl), shmctl(__VA_ARGS__))
#define shmdt(...) (STEP(shmdt), shmdt(__VA_ARGS__))
#define shmget(...) (STEP(shmget), shmget(__VA_ARGS__))
#define sigtimedwait(...) (STEP(sigtimedwait), sigtimedwait(__VA_ARGS__))
#define socket(...) (STEP(socket), socket(__VA_ARGS__))
#define unlink(...) (STEP(unlink), unlink(__VA_ARGS__))
#define waitpid(...) (STEP(waitpid), waitpid(__VA_ARGS__))
#define write(...) (STEP(write), write(__VA_ARGS__))

/* The atomics of <stdatomic.h> are macros themselves, so what they stand for
   is repeated here. */
#ifdef __clang__
#define STEP_LOAD __c11_atomic_load
#define STEP_STORE __c11_atomic_store
#define STEP_CAS(p, e, v) __c11_atomic_compare_exchange_strong(p, e, v, 5, 5)
#else
#define STEP_LOAD __atomic_load_n
#define STEP_STORE __atomic_store_n
#define STEP_CAS(p, e, v) __atomic_compare_exchange_n(p, e, v, 0, 5, 5)
#endif
#undef atomic_load
#undef atomic_load_explicit
#undef atomic_store
#undef atomic_store_explicit
#undef atomic_compare_exchange_strong
#undef atomic_signal_fence
#undef atomic_thread_fence
#define atomic_load(p) (STEP(load), STEP_LOAD(p, memory_order_seq_cst))
#define atomic_load_explicit(p, o) (STEP(load), STEP_LOAD(p, o))
#define atomic_store(p, v) (STEP(store), STEP_STORE(p, v, memory_order_seq_cst))
#define atomic_store_explicit(p, v, o) (STEP(store), STEP_STORE(p, v, o))
#define atomic_signal_fence(o) (STEP(fence), __atomic_signal_fence(o))
#define atomic_thread_fence(o) (STEP(fence), __atomic_thread_fence(o))
#define atomic_compare_exchange_strong(p, e, v) \
    (STEP(compare_exchange), STEP_CAS(p, e, v))

#endif
