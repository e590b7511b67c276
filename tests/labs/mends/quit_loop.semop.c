/*
 * quit_loop, mended with System V semaphores: the child waits for LINE, the
 * parent for ROOM. semop(2) sleeps in the kernel, and a post that comes early
 * is not lost: it is a number. (Linux makes a new set of zeros.)
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    char line[80];
};

enum { LINE, ROOM };
static int set;

static void step(unsigned short number, short by)
{
    struct sembuf one = {number, by, 0};
    while (semop(set, &one, 1) == -1)
        if (errno != EINTR) /* after Ctrl-Z and fg, too: signal(7) */
            err(1, "semop");
}

static void put(struct shared *shared, const char *line)
{
    step(ROOM, -1);
    strcpy(shared->line, line);
    step(LINE, 1);
}

static void take(struct shared *shared, char *line)
{
    step(LINE, -1);
    strcpy(line, shared->line);
    step(ROOM, 1);
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
    set = semget(IPC_PRIVATE, 2, 0600);
    if (set == -1)
        err(1, "semget");
    step(ROOM, 1);
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
    semctl(set, 0, IPC_RMID);
    return 0;
}
