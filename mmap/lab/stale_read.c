/*
 * stale_read - the child reads what was there before              (mmap lab 1)
 *
 * A parent writes a note into a file that it shares with its child. The child
 * prints it:
 *
 *     $ cc mmap/lab/stale_read.c -o mmap/lab/stale_read
 *     $ mkdir -p data/work
 *     $ printf 'yesterday: buy milk' >data/work/note
 *     $ ./mmap/lab/stale_read data/work/note 'today: buy bread'
 *     today: buy bread
 *
 * On most days this works. On some days the child prints the old note, and
 * once it printed a note that began with bread and ended with milk.
 *
 * Your task: the child reads the file and prints the whole TEXT, in one line,
 * once, however slow the parent or the child is. It waits until TEXT is there,
 * and no longer. The parent ends after the child, both with status 0, and TEXT
 * (0 to 4095 bytes) is at the start of FILE. The old note may be the same as
 * TEXT. Two runs may use two FILEs. `make labs LAB=stale_read` checks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 4096 };

static char *map(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR);
    if (fd == -1 || fstat(fd, &st) == -1)
        err(1, "%s", path);
    if (st.st_uid != geteuid() || st.st_size > SIZE)
        errx(1, "%s is not yours, or longer than %d bytes", path, SIZE);
    if (ftruncate(fd, SIZE) == -1)
        err(1, "ftruncate %s", path);
    void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
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
