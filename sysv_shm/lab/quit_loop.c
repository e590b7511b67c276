/*
 * quit_loop - it waits for one word, and its processor glows   (System V lab 1)
 *
 * A parent reads lines and hands each to its child through a segment; the child
 * prints it. The line "quit" ends both:
 *
 *     $ cc -O0 sysv_shm/lab/quit_loop.c -o sysv_shm/lab/quit_loop
 *     $ printf 'hello\nworld\nquit\n' | ./sysv_shm/lab/quit_loop
 *     hello
 *     world
 *
 * "Works", said its author, and the fan began to howl. Then somebody built it
 * with -O2. Since then it prints less, or nothing, and never ends (Ctrl-C).
 *
 * Your task: whoever has to wait here sleeps in the kernel until the other one
 * wakes it: it needs no processor and does not look again and again. (To look
 * once a second whether the other one is still alive is allowed, as long as a
 * line wakes it at once.) Built with -O2, the child prints each line before
 * "quit" (or the end of the input) once, in order and when it comes; then both
 * end with status 0 and leave nothing in ipcs(1). What else is in the segment
 * is up to you. `make labs LAB=quit_loop` says how far you are.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    int full; /* 1: here is a line that the child has not taken yet */
    char line[80];
};

/* ---- your work begins here: the parent hands over a line ---- */
static void put(struct shared *shared, const char *line)
{
    while (shared->full)
        ;
    strcpy(shared->line, line);
    shared->full = 1;
}

/* ---- and here: the child takes it ---- */
static void take(struct shared *shared, char *line)
{
    while (!shared->full)
        ;
    strcpy(line, shared->line);
    shared->full = 0;
}

int main(void)
{
    /* Removed at once: it goes with the last one who has it. */
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    struct shared *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    if (shared == (void *)-1)
        err(1, "segment");

    char line[sizeof shared->line] = "";
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            take(shared, line);
            if (strcmp(line, "quit\n") == 0)
                return 0;
            fputs(line, stdout);
            fflush(stdout);
        }
    }
    while (strcmp(line, "quit\n") != 0) {
        if (!fgets(line, sizeof line, stdin))
            strcpy(line, "quit\n");
        put(shared, line);
    }
    waitpid(child, NULL, 0);
    return 0;
}
