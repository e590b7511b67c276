/*
 * first_semaphore, mended with a lock on a file: flock(2). The file of a key is the
 * same wherever the program runs; `remove` removes it.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/shm.h>
#include <unistd.h>

static int fd;

static void take(void)
{
    if (flock(fd, LOCK_EX) == -1)
        err(1, "flock");
}

static void give_back(void)
{
    if (flock(fd, LOCK_UN) == -1)
        err(1, "flock");
}

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: first_semaphore KEY COUNT, first_semaphore KEY remove");
    key_t key = (key_t)strtol(argv[1], NULL, 0);

    int segment = shmget(key, sizeof(int), IPC_CREAT | 0600);
    int *last = segment == -1 ? (void *)-1 : shmat(segment, NULL, 0);
    if (last == (void *)-1)
        err(1, "segment of key %s", argv[1]);

    char name[64];
    snprintf(name, sizeof name, "/tmp/first_semaphore.%d", (int)key);
    fd = open(name, O_RDWR | O_CREAT, 0600);
    if (fd == -1)
        err(1, "%s", name);

    if (strcmp(argv[2], "remove") == 0) {
        shmctl(segment, IPC_RMID, NULL);
        unlink(name);
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
