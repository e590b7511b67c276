/*
 * first_semaphore, mended with one atomic addition: there is nothing to wait for.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>

struct desk {
    atomic_int last;
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

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        return 0;
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        printf("%d\n", atomic_fetch_add(&desk->last, 1) + 1);
        fflush(stdout);
    }
    return 0;
}
