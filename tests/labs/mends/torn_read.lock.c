/*
 * torn_read, mended with an open file description lock: writer and reader take
 * turns, and the kernel drops the lock of who dies, fcntl(2).
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
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

static int fd;

static struct visitor *map(const char *path)
{
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    return p;
}

static void lock(short type)
{
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)
        err(1, "lock");
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
            lock(F_WRLCK);
            memcpy(shared->name, next.name, sizeof next.name);
            shared->age = next.age;
            lock(F_UNLCK);
            /* ---- and ends here ---- */
        }
    } else {
        struct visitor seen;
        /* ---- your work begins here: the reader ---- */
        lock(F_RDLCK);
        memcpy(seen.name, shared->name, sizeof seen.name);
        seen.age = shared->age;
        lock(F_UNLCK);
        /* ---- and ends here ---- */
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
