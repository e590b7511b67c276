/*
 * quit_loop, mended with a ring of four places: an atomic count says how many of
 * them are full, and two semaphores only wake whoever waits for it to change.
 */
#include <err.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };
struct shared {
    atomic_int count;
    sem_t some, less;
    char line[PLACES][80];
};

static void put(struct shared *shared, const char *line)
{
    static unsigned last;
    while (shared->count == PLACES)
        sem_wait(&shared->less);
    strcpy(shared->line[last++ % PLACES], line);
    shared->count++;
    sem_post(&shared->some);
}

static void take(struct shared *shared, char *line)
{
    static unsigned first;
    while (shared->count == 0)
        sem_wait(&shared->some);
    strcpy(line, shared->line[first++ % PLACES]);
    shared->count--;
    sem_post(&shared->less);
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    struct shared *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    if (shared == (void *)-1)
        err(1, "segment");
    sem_init(&shared->some, 1, 0);
    sem_init(&shared->less, 1, 0);

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
    return 0;
}
