/*
 * bus_error - killed by a write to one's own memory                (mmap lab 2)
 *
 * A notice board for all: a file of 4096 bytes, the text at offset 1024, with a
 * NUL behind it. One program pins a text up, the other reads it:
 *
 *     $ cc mmap/lab/bus_error.c -o mmap/lab/bus_error
 *     $ mkdir -p data/work
 *     $ ./mmap/lab/bus_error read data/work/board
 *     nothing yet
 *     $ ./mmap/lab/bus_error write data/work/board 'no school today'
 *     $ ./mmap/lab/bus_error read data/work/board
 *     no school today
 *
 * All was well until a teacher came before everybody else: `Bus error`. And on
 * a board of 1000 bytes, which some other program had begun, he pinned up a text
 * without any error, and it was gone.
 *
 * Your task: the writer works whatever it finds: no file, or one of any length.
 * When either program is over, the file has 4096 bytes at least; a longer one
 * stays as long as it was, and nobody sees it shorter, not even for a moment:
 * others have it mapped. The bytes outside of the text (before offset 1024, and
 * from 4096 on) stay as they are. Both programs may start at any time, end with
 * status 0, and wait for nobody. The reader prints the text and a newline, or
 * `nothing yet`; half a text, while one is being written, is no matter here (lab
 * 3). The command line stays as it is. `make labs LAB=bus_error` says how far
 * you are.
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
    if (!writes) { /* readers are there all day, writers come now and then */
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
