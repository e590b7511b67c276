/*
 * first_semaphore - every process sets the semaphore to 1      (System V lab 3)
 *
 * People draw numbers. The last number is in a segment, and a semaphore lets
 * only one process use it. But on busy days two people get the same number:
 *
 *     $ cc sysv_shm/lab/first_semaphore.c -o sysv_shm/lab/first_semaphore
 *     $ ./sysv_shm/lab/first_semaphore 4711 2
 *     1
 *     2
 *     $ ./sysv_shm/lab/first_semaphore 4711 remove
 *
 * Your task: however many processes draw at a time, and however slow each of
 * them is, no number is given twice and none is left out: 1, 2, 3 ... A process
 * may wait for another one, but not forever. After `remove` nothing is left in
 * ipcs(1) or /dev/shm, and the next number is 1. Each key has its own numbers.
 * `make labs LAB=first_semaphore` checks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int *last; /* in the segment; a new segment is all zeros */

/* ---- your work begins here ---- */
static int set;
union semun {
    int val;
};

static void prepare(key_t key)
{
    set = semget(key, 1, IPC_CREAT | 0600);
    if (set == -1 || semctl(set, 0, SETVAL, (union semun){1}) == -1)
        err(1, "semaphore");
}

static void step(short by) /* -1 before a number is drawn, 1 after it */
{
    struct sembuf one = {0, by, 0};
    if (semop(set, &one, 1) == -1)
        err(1, "semop");
}

static void clean_up(void) /* for `remove` */
{
    semctl(set, 0, IPC_RMID);
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: first_semaphore KEY COUNT, or KEY remove");
    key_t key = (key_t)strtol(argv[1], NULL, 0);
    int segment = shmget(key, sizeof(int), IPC_CREAT | 0600);
    last = segment == -1 ? (void *)-1 : shmat(segment, NULL, 0);
    if (last == (void *)-1)
        err(1, "segment of key %s", argv[1]);

    prepare(key);
    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        clean_up();
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        step(-1);
        int mine = *last + 1;
        printf("%d\n", mine);
        fflush(stdout);
        *last = mine;
        step(1);
    }
    return 0;
}
