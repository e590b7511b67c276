/*
 * first_semaphore, mended with one atomic word. Who waits looks again every 10 ms.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct desk {
    int last;
    atomic_int inside;
};

static void take(struct desk *desk)
{
    const int none = epoll_create1(0);
    struct epoll_event event;
    const struct timespec pause = {0, 10000000};
    while (atomic_exchange(&desk->inside, 1) != 0)
        syscall(SYS_epoll_pwait2, none, &event, 1, &pause, NULL, 0);
    close(none);
}

static void give_back(struct desk *desk)
{
    desk->inside = 0;
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
