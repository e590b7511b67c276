/*
 * unrelated_reader - the tutorial's reader: no lock             (lesson 1.4)
 *
 * It reads while the writer may be writing, and may print half of a text. It
 * also cuts FILE to 4096 bytes, whatever was in it.
 *
 *     terminal 1$ ./mmap/naive/unrelated_reader
 *     terminal 2$ ./mmap/naive/unrelated_writer
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "data/work/naive";

    /* 1. Open the file, size it and map it. */
    int fd = open(path, O_RDWR | O_CREAT, 0664);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "open %s", path);
    size_t size = (size_t)lseek(fd, 0, SEEK_END);
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", path);

    /* 2. Print the text. */
    for (;;) {
        sleep(1);
        printf("%s\n", map + 1024);
        fflush(stdout);
    }

    /* 3. Unmap it: never reached. */
    munmap(map, size);
    return 0;
}
