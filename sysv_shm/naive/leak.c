/*
 * leak - the tutorial's way: remove the segment at the end (lessons 3.2, 3.3)
 *
 * It prints the id of its segment. If it does not get to its end, the segment
 * stays. With `./sysv_shm/naive/leak crash` it kills itself before that.
 */
#define _GNU_SOURCE
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
    /* 1. Create the segment and attach it. */
    int id = shmget(IPC_PRIVATE, 100, 0600);
    char *text = shmat(id, NULL, 0);
    if (text == (void *)-1)
        err(1, "attach segment %d", id);

    /* 2. Use it. */
    strcpy(text, "hello");
    printf("%d\n", id);
    fflush(stdout);
    if (argc > 1 && strcmp(argv[1], "crash") == 0)
        raise(SIGKILL);

    /* 3. Detach it, and remove it. */
    shmdt(text);
    shmctl(id, IPC_RMID, NULL);
    return 0;
}
