/*
 * quit_loop, mended with a signal: it is blocked, and only sigsuspend(2) lets it
 * in. So one that comes before the process sleeps is not lost.
 */
#define _GNU_SOURCE
#include <err.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    atomic_int full;
    char line[80];
};
static sigset_t open_set;
static pid_t other;

static void woken(int number)
{
    (void)number;
}

static void turn(struct shared *shared, int full)
{
    shared->full = full;
    kill(other, SIGUSR1);
}

static void put(struct shared *shared, const char *line)
{
    while (shared->full)
        sigsuspend(&open_set);
    strcpy(shared->line, line);
    turn(shared, 1);
}

static void take(struct shared *shared, char *line)
{
    while (!shared->full)
        sigsuspend(&open_set);
    strcpy(line, shared->line);
    turn(shared, 0);
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    struct shared *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    if (shared == (void *)-1)
        err(1, "segment");
    sigset_t closed;
    sigemptyset(&closed);
    sigaddset(&closed, SIGUSR1);
    sigprocmask(SIG_BLOCK, &closed, &open_set);
    signal(SIGUSR1, woken);
    other = getpid();

    char line[80] = "";
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child > 0)
        other = child;
    while (child == 0) {
        take(shared, line);
        if (strcmp(line, "quit\n") == 0)
            return 0;
        fputs(line, stdout);
        fflush(stdout);
    }
    while (strcmp(line, "quit\n") != 0) {
        if (!fgets(line, sizeof line, stdin))
            strcpy(line, "quit\n");
        put(shared, line);
    }
    waitpid(child, NULL, 0);
    return 0;
}
