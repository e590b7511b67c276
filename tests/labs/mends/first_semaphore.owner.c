/*
 * first_semaphore, mended with the id of the process that is inside. It stays until
 * that ends; then one of those who wait takes its place, in one atomic step.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/types.h>
#include <unistd.h>

struct desk {
    int last;
    atomic_int owner;
};

/* (The id may belong to somebody else by now: then we wait for that one, too.) */
static int is_gone(int owner)
{
    return owner == 0 || (kill(owner, 0) == -1 && errno == ESRCH);
}

static void take(struct desk *desk)
{
    const int mine = getpid();
    for (int was; (was = desk->owner) != mine;) {
        if (!is_gone(was))
            sched_yield();
        else if (atomic_compare_exchange_strong(&desk->owner, &was, mine))
            return;
    }
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
    }
    return 0;
}
