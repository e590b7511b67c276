/*
 * stale_read - the child reads what was there before              (mmap lab 1)
 *
 * A parent leaves a note in a file that it shares with its child, and the child
 * reads it out:
 *
 *     $ cc mmap/lab/stale_read.c -o mmap/lab/stale_read
 *     $ mkdir -p data/work
 *     $ printf 'yesterday: buy milk' >data/work/note
 *     $ ./mmap/lab/stale_read data/work/note 'today: buy bread'
 *     today: buy bread
 *
 * On most days. On some the child comes home with milk: it has read the old
 * note, once even a note that began with bread and ended with milk.
 *
 * Your task: whatever is slow, parent or child, the child prints the whole of
 * TEXT, as it stands in the file, in one line, once. It may wait for that as
 * long as it takes, and no longer. The parent ends after its child, both with
 * status 0, and TEXT (up to 4095 bytes) is at the start of FILE. The command
 * line stays as it is; FILE may have held the same TEXT before. All else is up to
 * you. `make labs LAB=stale_read` says how far you are.
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
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        printf("%s\n", shared);
        return 0;
    }
    fprintf(stderr, "my child is %d\n", child);
    strcpy(shared, text);
    /* ---- and ends here ---- */

    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    return status == 0 ? 0 : 1;
}
