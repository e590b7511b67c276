/*
 * stale_read, mended with a pipe: the child waits for one byte, and that is sent
 * when the text is there. If the parent dies before, the child reads the end of
 * the pipe and not a byte, and does not wait for ever.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 4096 };

static char *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd == -1 || ftruncate(fd, SIZE) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    close(fd);
    return p;
}

int main(int argc, char **argv)
{
    if (argc != 3 || strlen(argv[2]) >= SIZE)
        errx(2, "usage: stale_read FILE TEXT");
    const char *text = argv[2];
    char *shared = map(argv[1]);

    /* ---- your work begins here ---- */
    int ends[2];
    if (pipe(ends) == -1)
        err(1, "pipe");
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        char byte;
        close(ends[1]);
        if (read(ends[0], &byte, 1) != 1)
            errx(1, "the parent died before it had written");
        printf("%s\n", shared);
        return 0;
    }
    fprintf(stderr, "my child is %d\n", child);
    strcpy(shared, text);
    if (write(ends[1], "", 1) != 1)
        err(1, "write to the pipe");
    /* ---- and ends here ---- */

    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    return status == 0 ? 0 : 1;
}
