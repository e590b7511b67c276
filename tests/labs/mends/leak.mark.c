/*
 * leak, mended with a mark: IPC_RMID as soon as it is attached. The segment goes
 * with the last process that has it, however that one ends, shmctl(2); and
 * fork(2) gives the child its attachment.
 */
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

    int id = shmget(IPC_PRIVATE, size, 0600);
    long *squares = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    if (id != -1)
        shmctl(id, IPC_RMID, NULL); /* attached or not */
    if (squares == (void *)-1)
        err(1, "segment of %zu bytes", size);

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
    return 0;
}
