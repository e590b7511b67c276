/*
 * file_writer - print a file, then write over its start          (lesson 1.1)
 *
 * mmap(2) makes the bytes of a file part of this process's memory. Reading
 * the memory reads the file; writing to the memory writes the file.
 *
 *     $ ./mmap/file_writer
 *     buf = Shared memory is a blackboard in the hallway. Whoever ...
 *
 * The lock, flock(2), keeps file_reader out while we work. The kernel drops it
 * when we end, even by kill -9; but a kill in step 4 can leave half of TEXT.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *text =
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa";
    int option;
    while ((option = getopt(argc, argv, "m:")) == 'm')
        text = optarg;
    if (option != -1 || argc - optind > 1)
        errx(2, "usage: [-m TEXT] [FILE]");
    const char *path = optind < argc ? argv[optind] : "data/work/test.txt";

    /* 1. Open the file to read and write, and wait until nobody uses it. */
    int fd = open(path, O_RDWR);
    if (fd == -1 || flock(fd, LOCK_EX) == -1)
        err(1, "open and lock %s", path);

    /* 2. Ask for its size. A mapping cannot make a file longer. */
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat %s", path);
    size_t size = (size_t)st.st_size, length = strlen(text);
    if (length > size)
        errx(1, "%s (size %zu) is too small for TEXT", path, size);

    /* 3. Map it. MAP_SHARED: what we write goes to the file. */
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, size %zu", path, size);

    /* 4. Use it: bytes with a length, and no NUL at their end. */
    printf("buf = ");
    if (fwrite(map, 1, size, stdout) != size || putchar('\n') == EOF ||
        fflush(stdout) == EOF)
        err(1, "cannot print %s, so it stays as it was", path);
    memcpy(map, text, length);
    if (msync(map, size, MS_SYNC) == -1) /* wait until it is on the disk */
        err(1, "msync %s", path);
    fprintf(stderr, "wrote %zu of %zu byte%s of %s\n", length, size,
            size == 1 ? "" : "s", path);

    /* 5. Unmap it, and drop the lock. The end of the program does both, too. */
    munmap(map, size);
    close(fd);
    return 0;
}
