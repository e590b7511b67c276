/*
 * torn_read - a name and an age that do not belong together       (mmap lab 3)
 *
 * A register is a file with the name and the age of the last visitor. One
 * program writes it, others read it:
 *
 *     $ cc mmap/lab/torn_read.c -o mmap/lab/torn_read
 *     $ ./mmap/lab/torn_read write data/work/register hello 20 world 35
 *     $ ./mmap/lab/torn_read read data/work/register
 *     world, 35
 *
 * Your task: no reader ever prints "hello, 35", as one did. It prints a name
 * and the age that was written with it, or `nobody`, wherever the writer is and
 * however slow. Both may wait for each other, but not forever. You may change
 * what is in the file. `make labs LAB=torn_read` checks your program.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

/* ---- your work begins here ---- */
static struct visitor *shared;
enum { SIZE = sizeof *shared };

static void map(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd == -1 || fstat(fd, &st) == -1)
        err(1, "%s", path);
    if (st.st_uid != geteuid() || (st.st_size != 0 && st.st_size != SIZE))
        errx(1, "%s is not yours, or is no register", path);
    if (ftruncate(fd, SIZE) == -1)
        err(1, "ftruncate %s", path);
    shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        err(1, "mmap %s", path);
}

static void put(const struct visitor *next) /* the writer calls this */
{
    memcpy(shared->name, next->name, sizeof next->name);
    shared->age = next->age;
}

static void show(void) /* and the reader this */
{
    struct visitor seen;
    memcpy(seen.name, shared->name, sizeof seen.name);
    seen.age = shared->age;
    seen.name[0] ? printf("%s, %d\n", seen.name, seen.age) : puts("nobody");
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0 || (argc == 3) != !strcmp(argv[1], "read"))
        errx(2, "usage: torn_read write FILE NAME AGE... | read FILE");
    map(argv[2]);
    if (argc == 3)
        show();
    for (int i = 3; i < argc; i += 2) {
        struct visitor next = {.age = atoi(argv[i + 1])};
        strncpy(next.name, argv[i], sizeof next.name - 1);
        put(&next);
    }
    return 0;
}
