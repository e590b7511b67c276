/*
 * parent_child - a parent writes, its child reads                (lesson 1.3)
 *
 * Memory that is mapped MAP_SHARED before fork(2) is the same memory in both
 * processes after it. The child must not read before the parent has written,
 * so it waits for a semaphore. If the parent is killed, so is the child.
 *
 *     $ ./mmap/parent_child
 *     你是我儿子吗？
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *text = "你是我儿子吗？";
    int option;
    while ((option = getopt(argc, argv, "m:")) == 'm')
        text = optarg;
    if (option != -1 || argc - optind > 1)
        errx(2, "usage: [-m TEXT] [FILE]");
    const char *path = optind < argc ? argv[optind] : "data/work/english.txt";

    /* 1. Map the file for the text, in the steps of file_writer. */
    struct stat st;
    int fd = open(path, O_RDWR);
    if (fd == -1 || flock(fd, LOCK_EX) == -1 || fstat(fd, &st) == -1)
        err(1, "open and lock %s", path);
    size_t size = (size_t)st.st_size, length = strlen(text);
    if (length > size)
        errx(1, "%s (size %zu) is too small for TEXT", path, size);
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    /* 2. Map memory of no file, for a semaphore between processes (1). */
    sem_t *written = mmap(NULL, sizeof *written, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || written == MAP_FAILED ||
        sem_init(written, 1, 0) == -1)
        err(1, "map %s and a semaphore", path);

    /* 3. Fork. Both processes have both mappings. */
    signal(SIGCHLD, SIG_DFL); /* if ignored, waitpid(2) returns no status */
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");

    /* 4. The child: die with the parent, wait until it has written, read. */
    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
            errx(1, "child: the parent is gone");
        if (sem_wait(written) == -1)
            err(1, "child: sem_wait");
        if (printf("%.*s\n", (int)length, map) < 0 || fflush(stdout) == EOF)
            err(1, "child: cannot print the text");
        return 0;
    }

    /* 5. The parent: write, say so, wait until the child has ended. */
    memcpy(map, text, length);
    int status;
    if (sem_post(written) == -1 || waitpid(child, &status, 0) == -1)
        err(1, "wake the child %d and wait for it", child);
    if (WIFSIGNALED(status))
        errx(1, "the child %d died: %s", child, strsignal(WTERMSIG(status)));
    return WEXITSTATUS(status);
}
