/*
 * quit_loop - the processes wait in a loop                     (System V lab 1)
 *
 * A parent reads lines and hands each one to its child through a segment. The
 * child prints it. The line "quit" ends both:
 *
 *     $ cc -O0 sysv_shm/lab/quit_loop.c -o sysv_shm/lab/quit_loop
 *     $ printf 'hello\nworld\nquit\n' | ./sysv_shm/lab/quit_loop
 *     hello
 *     world
 *
 * But it keeps a processor busy while it waits. With -O2 it never ends.
 *
 * Your task: a process that waits sleeps in the kernel until the other one
 * wakes it. (It may look once a second whether the other one is alive.) With
 * -O2, the child prints each line before "quit", or before the end of the
 * input, once, in order and without delay. Then both end with status 0, and
 * nothing is left in ipcs(1). `make labs LAB=quit_loop` checks your program.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- your work begins here ---- */
struct shared {
    int full; /* 1: here is a line that the child has not taken yet */
    char line[80];
};

static void put(struct shared *shared, const char *line) /* the parent */
{
    while (shared->full)
        ;
    strcpy(shared->line, line);
    shared->full = 1;
}

static void take(struct shared *shared, char *line) /* the child */
{
    while (!shared->full)
        ;
    strcpy(line, shared->line);
    shared->full = 0;
}
/* ---- and ends here ---- */

int main(void)
{
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    struct shared *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL); /* it goes when the last process detaches it */
    if (shared == (void *)-1)
        err(1, "segment");
    /* ---- your work, too: make here what they also need ---- */

    char line[80] = "";
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
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
    /* ---- your work, too: remove here what would stay ---- */
    return 0;
}
