/*
 * bench.h - what the programs here share: a clock, children, an end
 *
 * Each program runs one line of a table once and prints its figures on a line,
 * the first of them being the table's own. Status 77: this machine cannot do
 * it, and the line says why. tests/bench/run.sh makes the tables.
 *
 * However a program ends, it leaves nothing: its children die with it, and so
 * do its System V objects, which have no name by which run.sh could remove them. One that hangs is ended by an alarm.
 */
#ifndef BENCH_H
#define BENCH_H

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BENCH_SKIP = 77, BENCH_SECONDS = 120 };

static pid_t bench_pid;
static int bench_set = -1;     /* of semaphores */
static int bench_segment = -1; /* of memory */

static inline void bench_end(void)
{
    if (bench_set != -1 && getpid() == bench_pid)
        semctl(bench_set, 0, IPC_RMID);
    if (bench_segment != -1 && getpid() == bench_pid)
        shmctl(bench_segment, IPC_RMID, NULL);
}

static inline void bench_signal(int number)
{
    bench_end();
    _exit(128 + number);
}

/* First of all. */
static inline void bench_start(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
    bench_pid = getpid();
    atexit(bench_end);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        signal(ends[i], bench_signal);
    alarm(BENCH_SECONDS);
}

static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* This machine cannot do that; errno says why. */
static inline void bench_skip(const char *what)
{
    printf("%s: %s\n", what, strerror(errno));
    exit(BENCH_SKIP);
}

/* fork(2); the child dies with us. */
static inline pid_t bench_fork(void)
{
    pid_t pid = fork();
    if (pid == -1)
        err(1, "fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != bench_pid)
            _exit(1);
    }
    return pid;
}

/* A child has to end well. */
static inline void bench_ended(const char *who, int status)
{
    if (status != 0)
        errx(1, "%s: wait status %#x", who, (unsigned)status);
}

/* Memory to share with children. */
static inline void *bench_share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        err(1, "mmap %zu bytes", size);
    return memory;
}

/* Two System V semaphores at 0, ours alone. */
static inline void bench_semaphores(void)
{
    bench_set = semget(IPC_PRIVATE, 2, 0600);
    if (bench_set == -1)
        bench_skip("semget");
}

static inline void bench_semop(unsigned short semaphore, short by)
{
    struct sembuf operation = {.sem_num = semaphore, .sem_op = by};
    while (semop(bench_set, &operation, 1) == -1)
        if (errno != EINTR)
            err(1, "semop");
}

#endif
