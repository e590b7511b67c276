/*
 * file - the tutorial's way to print a file and change it       (lesson 1.1)
 *
 * It takes a file for a string. strcpy(3) writes a NUL into it, and the next
 * run prints no further than that. If a file has 4096 bytes and no NUL, it also
 * prints the memory after them. If a file has 5 bytes, the text changes these
 * 5, and the rest of the text is lost without an error.
 *
 *     $ ./mmap/naive/file [FILE]
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *text =
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa";
    const char *path = argc > 1 ? argv[1] : "data/work/test.txt";

    /* 1. Open the file to read and write. */
    int fd = open(path, O_RDWR);
    if (fd == -1)
        err(1, "open %s", path);

    /* 2. Ask for its size. */
    size_t size = (size_t)lseek(fd, 0, SEEK_END);

    /* 3. Map it. MAP_SHARED: what we write goes to the file. */
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, size %zu", path, size);

    /* 4. Use it. */
    printf("buf = %s\n", map);
    strcpy(map, text);

    /* 5. Unmap it. */
    munmap(map, size);
    return 0;
}
