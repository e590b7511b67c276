/*
 * bus_error - a program dies because it writes to its own memory  (mmap lab 2)
 *
 * A notice board is a file of 4096 bytes. The text is at offset 1024 and ends
 * with a NUL. One program writes a text, the other one reads it:
 *
 *     $ cc mmap/lab/bus_error.c -o mmap/lab/bus_error
 *     $ mkdir -p data/work
 *     $ ./mmap/lab/bus_error read data/work/board
 *     nothing yet
 *     $ ./mmap/lab/bus_error write data/work/board 'no school today'
 *     $ ./mmap/lab/bus_error read data/work/board
 *     no school today
 *
 * One day the writer came first, and died: `Bus error`. Another day the file
 * had 1000 bytes. There was no error, but the text was lost.
 *
 * Your task: the writer works if there is no file, and with one of any length.
 * After either program it is the same file, not a new one with its name, and
 * has at least 4096 bytes. A longer one keeps its length, and is not shorter
 * even for a moment: others have it mapped. The bytes before offset 1024 and
 * from 4096 on do not change. Both programs may start at any time, do not wait
 * for each other, and end with status 0. A reader that comes during a write may
 * print half of it (see lab 3). `make labs LAB=bus_error` checks your program.
 */
#define _GNU_SOURCE
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

    int fd = open(argv[2], O_RDWR | O_CREAT, 0600);
    if (fd == -1)
        err(1, "open %s", argv[2]);

    /* ---- your work begins here ---- */
    if (!writes) { /* a reader is nearly always the first to come */
        struct stat st;
        if (fstat(fd, &st) == -1)
            err(1, "fstat %s", argv[2]);
        if (st.st_size < SIZE && ftruncate(fd, SIZE) == -1)
            err(1, "ftruncate %s", argv[2]);
    }
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
