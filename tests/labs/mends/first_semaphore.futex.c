/*
 * first_semaphore, mended with a futex in the segment. 0: free, 1: somebody is
 * inside, 2: and others may wait, who are woken one at a time.
 */
#include <err.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

struct desk {
    int last;
    atomic_int inside;
};

static void take(struct desk *desk)
{
    int was = 0;
    if (atomic_compare_exchange_strong(&desk->inside, &was, 1))
        return;
    while (atomic_exchange(&desk->inside, 2) != 0)
        syscall(SYS_futex, &desk->inside, FUTEX_WAIT, 2, NULL, NULL, 0);
}

static void give_back(struct desk *desk)
{
    if (atomic_exchange(&desk->inside, 0) == 2)
        syscall(SYS_futex, &desk->inside, FUTEX_WAKE, 1, NULL, NULL, 0);
}

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
        take(desk);
        int mine = desk->last + 1;
        printf("%d\n", mine);
        fflush(stdout);
        desk->last = mine;
        give_back(desk);
    }
    return 0;
}
