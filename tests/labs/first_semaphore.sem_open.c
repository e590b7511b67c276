/*
 * first_semaphore, mended with a named POSIX semaphore: sem_open(3) makes it
 * with its value, in one step, or finds it. Its name carries the key.
 */
#include <err.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>

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

    char name[40];
    snprintf(name, sizeof name, "/first_semaphore.%d", (int)key);
    sem_t *free_now = sem_open(name, O_CREAT, 0600, 1);
    if (free_now == SEM_FAILED)
        err(1, "%s", name);

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        sem_unlink(name);
        return 0;
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        sem_wait(free_now);
        int mine = *last + 1;
        printf("%d\n", mine);
        fflush(stdout);
        *last = mine;
        sem_post(free_now);
    }
    return 0;
}
