/*
 * first_semaphore, mended after W. R. Stevens (UNIX Network Programming, 1990):
 * IPC_EXCL, so one process alone makes the set and sets its value; all others
 * wait until sem_otime says that its maker has done a first semop(2), which
 * comes after that. semget(2), NOTES.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static int set;
union semun {
    int val;
    struct semid_ds *buf;
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

    set = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
    if (set != -1) {
        if (semctl(set, 0, SETVAL, (union semun){0}) == -1)
            err(1, "SETVAL");
        step(1);
    } else {
        if (errno != EEXIST || (set = semget(key, 1, 0600)) == -1)
            err(1, "semaphore of key %s", argv[1]);
        struct semid_ds now = {.sem_otime = 0};
        while (now.sem_otime == 0) {
            if (semctl(set, 0, IPC_STAT, (union semun){.buf = &now}) == -1)
                err(1, "IPC_STAT");
            usleep(1000);
        }
    }

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
