/*
 * first_semaphore, mended with a semaphore that is free when it is 0, which a
 * new one is on Linux, semget(2): nothing is left to be initialised. To wait for
 * 0 and to add 1 is one semop(2), so one alone does it; SEM_UNDO gives it back
 * if the process dies.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int set;

static void take(void)
{
    struct sembuf steps[] = {{0, 0, 0}, {0, 1, SEM_UNDO}};
    if (semop(set, steps, 2) == -1)
        err(1, "semop");
}

static void give_back(void)
{
    struct sembuf one = {0, -1, SEM_UNDO};
    if (semop(set, &one, 1) == -1)
        err(1, "semop");
}

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: first_semaphore KEY COUNT, first_semaphore KEY remove");
    key_t key = (key_t)strtol(argv[1], NULL, 0);

    /* A new segment is all zeros. */
    int segment = shmget(key, sizeof(int), IPC_CREAT | 0600);
    int *last = segment == -1 ? (void *)-1 : shmat(segment, NULL, 0);
    if (last == (void *)-1)
        err(1, "segment of key %s", argv[1]);

    set = semget(key, 1, IPC_CREAT | 0600);
    if (set == -1)
        err(1, "semaphore of key %s", argv[1]);

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        semctl(set, 0, IPC_RMID);
        return 0;
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        take();
        int mine = *last + 1;
        printf("%d\n", mine);
        fflush(stdout);
        *last = mine;
        give_back();
    }
    return 0;
}
