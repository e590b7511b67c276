/*
 * torn_read - name and number, half old and half new              (mmap lab 3)
 *
 * A register lies in a file that everybody maps: who came last, and how old
 * they are. One program writes it, others read it at any time:
 *
 *     $ cc mmap/lab/torn_read.c -o mmap/lab/torn_read
 *     $ ./mmap/lab/torn_read write data/work/register hello 20 world 35
 *     $ ./mmap/lab/torn_read read data/work/register
 *     world, 35
 *
 * For a year all was well. Then somebody's birthday card said "hello, 35". There
 * is no 35 year old hello: the reader had come between two lines of the writer.
 *
 * Your task: a reader prints a name and the age that was written with it, from
 * one and the same write, wherever the other process happens to stand; or
 * `nobody`, while nothing has been written. The writer may wait, the reader
 * may wait; but not for ever. The command line and what is printed stay as they
 * are; what the file holds besides, and how, is up to you. `make labs
 * LAB=torn_read` says how far you are.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

static struct visitor *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    close(fd);
    return p;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        errx(2, "usage: torn_read write FILE [NAME AGE]... | read FILE");
    struct visitor *shared = map(argv[2]);

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            /* ---- your work begins here: the writer ---- */
            memcpy(shared->name, next.name, sizeof next.name);
            shared->age = next.age;
            /* ---- and ends here ---- */
        }
    } else {
        struct visitor seen;
        /* ---- your work begins here: the reader ---- */
        memcpy(seen.name, shared->name, sizeof seen.name);
        seen.age = shared->age;
        /* ---- and ends here ---- */
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
