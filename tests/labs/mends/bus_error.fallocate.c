/*
 * bus_error, mended with posix_fallocate(3): it makes a file longer and never
 * shorter, needs no question before, and what it promises is there: a full disk is
 * ENOSPC here, and no Bus error later.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 4096, OFFSET = 1024, MOST = SIZE - OFFSET };

int main(int argc, char **argv)
{
    int writes = argc == 4 && strcmp(argv[1], "write") == 0;
    if (!writes && (argc != 3 || strcmp(argv[1], "read") != 0))
        errx(2, "usage: bus_error write FILE TEXT | bus_error read FILE");
    if (writes && strlen(argv[3]) >= MOST)
        errx(2, "TEXT has at most %d bytes", MOST - 1);

    int fd = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1)
        err(1, "open %s", argv[2]);

    /* ---- your work begins here ---- */
    while ((errno = posix_fallocate(fd, 0, SIZE)) != 0)
        if (errno != EINTR)
            err(1, "allocate %d bytes for %s", SIZE, argv[2]);
    char *shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        err(1, "mmap %s", argv[2]);
    if (writes)
        strcpy(shared + OFFSET, argv[3]);
    /* ---- and ends here ---- */

    if (!writes && shared[OFFSET] == '\0')
        printf("nothing yet\n");
    else if (!writes)
        printf("%.*s\n", MOST, shared + OFFSET);
    return 0;
}
