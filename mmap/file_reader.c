/*
 * file_reader - print a file through memory                      (lesson 1.1)
 *
 * The steps of file_writer, to read only: a bug here cannot change the file.
 *
 *     $ ./mmap/file_reader
 *     Shared memory is a blackboard in the hallway. Whoever passes ...
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1 || argc - optind > 1)
        errx(2, "usage: [FILE]");
    const char *path = optind < argc ? argv[optind] : "data/work/test.txt";

    /* 1. Open the file to read, and wait until nobody writes to it. */
    int fd = open(path, O_RDONLY);
    if (fd == -1 || flock(fd, LOCK_SH) == -1)
        err(1, "open and lock %s", path);

    /* 2. Ask for its size. */
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat %s", path);
    size_t size = (size_t)st.st_size;

    /* 3. Map it, to read only. */
    char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, size %zu", path, size);

    /* 4. Use it. */
    if (fwrite(map, 1, size, stdout) != size || fflush(stdout) == EOF)
        err(1, "cannot print %s", path);

    /* 5. Unmap it, and drop the lock. */
    munmap(map, size);
    close(fd);
    return 0;
}
