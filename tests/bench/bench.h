/*
 * bench.h - what the programs here share: a clock, children, an end
 *
 * Each program measures one line of a table once and prints its figures on one
 * line, the table's own first. Status 77: this machine cannot do it, and the
 * line says why. tests/bench/run.sh makes the tables.
 *
 * However a program ends, it leaves nothing: its children die with it, and it
 * removes its System V objects, which have no name that run.sh could remove.
 * An alarm ends a program that hangs.
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
    signal(SIGPIPE, SIG_DFL);
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

/* Run this in a child. What the child writes to stderr can be read here. */
static inline int bench_child(pid_t *pid, void (*run)(void))
{
    int story[2];
    if (pipe(story) == -1)
        err(1, "pipe");
    *pid = bench_fork();
    if (*pid == 0) {
        dup2(story[1], STDERR_FILENO);
        close(story[0]);
        close(story[1]);
        run();
        exit(0);
    }
    close(story[1]);
    return story[0];
}

/* Read what a child says, until it says WORDS. */
static inline const char *bench_hear(int story, const char *words)
{
    static char said[4096];
    size_t length = 0;
    ssize_t n;
    do {
        n = read(story, said + length, sizeof said - 1 - length);
        length += n > 0 ? (size_t)n : 0;
        said[length] = '\0';
    } while (n > 0 && strstr(said, words) == NULL);
    if (n <= 0)
        errx(1, "waited for '%s', but a child said: %s", words, said);
    return said;
}

/* In a child: become this program, with this stdin and stdout. */
static inline void bench_become(int in, int out, const char *program,
                                const char *option, const char *value)
{
    if (dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1)
        err(1, "dup2");
    execlp(program, program, option, value, (char *)NULL);
    err(1, "%s", program);
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
