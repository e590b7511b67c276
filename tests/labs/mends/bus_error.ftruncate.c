/*
 * bus_error, mended with ftruncate(2): whoever comes, makes the file as long as it
 * has to be, if it is shorter, before the mapping is used. Two who do so at the
 * same time set the same length, and nobody makes a file shorter.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat %s", argv[2]);
    if (st.st_size < SIZE && ftruncate(fd, SIZE) == -1)
        err(1, "ftruncate %s", argv[2]);
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
