/*
 * leak, mended with a POSIX object whose name goes before the work begins,
 * shm_unlink(3): the memory stays as long as somebody has it mapped.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int count = argc - 1;
    if (count < 1)
        errx(2, "usage: leak NUMBER...");
    size_t size = (size_t)count * sizeof(long);

    char name[40];
    snprintf(name, sizeof name, "/leak.%d", getpid());
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1)
        err(1, "%s", name);
    shm_unlink(name);
    if (ftruncate(fd, (off_t)size) == -1)
        err(1, "object of %zu bytes", size);
    long *squares = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (squares == MAP_FAILED)
        err(1, "mapping of %zu bytes", size);

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
