/*
 * quit_loop, mended with two POSIX semaphores in the segment itself, for all
 * who have it (the 1 of sem_init(3)): nothing but the segment is to be removed.
 */
#include <err.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    sem_t ready, room; /* a line is here; there is room for one */
    char line[80];
};

static void put(struct shared *shared, const char *line)
{
    sem_wait(&shared->room);
    strcpy(shared->line, line);
    sem_post(&shared->ready);
}

static void take(struct shared *shared, char *line)
{
    sem_wait(&shared->ready);
    strcpy(line, shared->line);
    sem_post(&shared->room);
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
    if (sem_init(&shared->ready, 1, 0) == -1 ||
        sem_init(&shared->room, 1, 1) == -1)
        err(1, "sem_init");
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
