/*
 * stale_read, mended with a semaphore between processes: it lies in memory that
 * both share, 0 until the text is there; sem_post(3) makes all that was written
 * before it visible to whoever comes out of sem_wait(3).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
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
    sem_t *written = mmap(NULL, sizeof *written, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (written == MAP_FAILED || sem_init(written, 1, 0) == -1)
        err(1, "semaphore");
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        while (sem_wait(written) == -1)
            if (errno != EINTR)
                err(1, "sem_wait");
        printf("%s\n", shared);
        return 0;
    }
    fprintf(stderr, "my child is %d\n", child);
    strcpy(shared, text);
    if (sem_post(written) == -1)
        err(1, "sem_post");
    /* ---- and ends here ---- */

    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    return status == 0 ? 0 : 1;
}
