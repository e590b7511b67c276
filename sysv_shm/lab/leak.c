/*
 * leak - a process is killed, and its segment stays            (System V lab 2)
 *
 * A parent and its child share an array. The child stores the squares of the
 * numbers, the parent adds them up:
 *
 *     $ cc sysv_shm/lab/leak.c -o sysv_shm/lab/leak
 *     $ ./sysv_shm/lab/leak 3 4 5
 *     working
 *     50
 *
 * It removes the segment at its end. But one day it said "No space left on
 * device", and ipcs(1) listed thousands of segments with nattch 0: one for each
 * run that had been killed.
 *
 * Your task: once it has said `working`, no kill -9 leaves anything in ipcs(1)
 * or in /dev/shm, at whatever place it comes, and whether it hits the parent,
 * the child or all processes of the run. A process that is not hit ends soon.
 * When all have ended, nothing is left. It says `working` before it forks. The
 * parent adds up what the child has stored, in memory of any kind. Runs at the
 * same time do not disturb each other. `make labs LAB=leak` checks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int count = argc - 1;
    if (count < 1)
        errx(2, "usage: leak NUMBER...");
    size_t size = (size_t)count * sizeof(long);

    /* ---- your work begins here: get the memory ---- */
    int id = shmget(IPC_PRIVATE, size, 0600);
    long *squares = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    if (squares == (void *)-1)
        err(1, "segment of %zu bytes", size);
    /* ---- and ends here ---- */

    printf("working\n");
    fflush(stdout);
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        for (int i = 0; i < count; i++) {
            long number = strtol(argv[i + 1], NULL, 10);
            squares[i] = number * number;
        }
        return 0;
    }
    int status = 0;
    if (waitpid(child, &status, 0) == -1 || status != 0)
        errx(1, "the child did not finish");
    long sum = 0;
    for (int i = 0; i < count; i++)
        sum += squares[i];
    printf("%ld\n", sum);

    /* ---- your work, too: give the memory back ---- */
    shmdt(squares);
    shmctl(id, IPC_RMID, NULL);
    /* ---- and ends here ---- */
    return 0;
}
