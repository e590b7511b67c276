/*
 * first_semaphore - who is first, and who only thinks so       (System V lab 3)
 *
 * People draw numbers. The last number lies in a segment, and only who has the
 * semaphore may look at it; both are found by one key:
 *
 *     $ cc sysv_shm/lab/first_semaphore.c -o sysv_shm/lab/first_semaphore
 *     $ ./sysv_shm/lab/first_semaphore 4711 2
 *     1
 *     2
 *     $ ./sysv_shm/lab/first_semaphore 4711 1
 *     3
 *     $ ./sysv_shm/lab/first_semaphore 4711 remove
 *
 * Each program may be the first one, so each makes sure that there is a
 * semaphore and that it is 1. On busy days two people have the same number.
 *
 * Your task: however many programs draw at a time, and wherever each of them
 * happens to stand, no number is given twice and none is left out: 1, 2, 3 ...
 * A program may wait for another one, but not for ever. `remove`, while nobody
 * draws, leaves nothing in ipcs(1) or /dev/shm, and the next number is 1.
 * (Nobody is killed in this lab.) The command line, what is printed, and the
 * exit status stay as they are; how the programs keep order is up to you.
 * `make labs LAB=first_semaphore` says how far you are.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int set;
union semun {
    int val;
};

static void step(short by)
{
    struct sembuf one = {0, by, 0};
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

    /* ---- your work begins here: the semaphore ---- */
    set = semget(key, 1, IPC_CREAT | 0600);
    if (set == -1 || semctl(set, 0, SETVAL, (union semun){1}) == -1)
        err(1, "semaphore of key %s", argv[1]);
    /* ---- and ends here ---- */

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        semctl(set, 0, IPC_RMID);
        return 0;
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
