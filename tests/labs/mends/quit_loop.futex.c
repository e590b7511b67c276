/*
 * quit_loop, mended with futex(2): who waits gives the kernel the value that it
 * saw, and sleeps only if it is still the same. So no wake-up falls between the
 * look and the sleep. (`full` is atomic: it also orders the line.)
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    atomic_int full; /* 1: here is a line that the child has not taken yet */
    char line[80];
};

enum { WAIT, WAKE }; /* FUTEX_WAIT, FUTEX_WAKE of <linux/futex.h> */

static void wait_until(atomic_int *full, int value)
{
    while (atomic_load(full) != value)
        syscall(SYS_futex, full, WAIT, !value, NULL);
}

static void tell(atomic_int *full, int value)
{
    atomic_store(full, value);
    syscall(SYS_futex, full, WAKE, 1);
}

static void put(struct shared *shared, const char *line)
{
    wait_until(&shared->full, 0);
    strcpy(shared->line, line);
    tell(&shared->full, 1);
}

static void take(struct shared *shared, char *line)
{
    wait_until(&shared->full, 1);
    strcpy(line, shared->line);
    tell(&shared->full, 0);
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
