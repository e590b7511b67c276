/*
 * first_semaphore, mended with a semaphore in the segment itself: the program that
 * changes the state from NEW first, in one atomic step, initialises it. The others
 * wait until it is READY, as long as that takes.
 */
#include <err.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

enum { NEW, BEING_MADE, READY };

/* All zeros, as a new segment is. */
struct desk {
    int last;
    atomic_int state;
    sem_t turn;
};

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: first_semaphore KEY COUNT, first_semaphore KEY remove");
    key_t key = (key_t)strtol(argv[1], NULL, 0);

    int segment = shmget(key, sizeof(struct desk), IPC_CREAT | 0600);
    struct desk *desk = segment == -1 ? (void *)-1 : shmat(segment, NULL, 0);
    if (desk == (void *)-1)
        err(1, "segment of key %s", argv[1]);

    int state = NEW;
    if (atomic_compare_exchange_strong(&desk->state, &state, BEING_MADE)) {
        sem_init(&desk->turn, 1, 1);
        atomic_store(&desk->state, READY);
    }
    while (atomic_load(&desk->state) != READY)
        usleep(1000);

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        return 0;
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        sem_wait(&desk->turn);
        int mine = desk->last + 1;
        printf("%d\n", mine);
        fflush(stdout);
        desk->last = mine;
        sem_post(&desk->turn);
    }
    return 0;
}
