/*
 * trusting_reader - it trusts what another process can change (posix_shm lab 4)
 *
 * A board has a text. Two numbers say where a note begins in it, and how long
 * it is. The reader checks them, and prints the note when you press Return. But
 * others may write to the board at any time, also wrong numbers:
 *
 *     $ cc posix_shm/lab/trusting_reader.c -o posix_shm/lab/trusting_reader
 *     $ ./posix_shm/lab/trusting_reader write /board.$USER 4 3 'see you at 6'
 *     $ ./posix_shm/lab/trusting_reader read /board.$USER
 *     length 3: press Return
 *     you
 *
 * Your task: the reader prints `length` bytes from text[offset] on, a newline,
 * and nothing else. If they are more than MAX, or not all in the text, it ends
 * with status 3 and no output (stderr is free). It never reads or writes other
 * bytes, whatever others store in the board, and whenever. If they change the
 * numbers while it runs, it may use the old ones or the new ones, or end with
 * status 3. `make labs LAB=trusting_reader` checks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROOM = 256, MAX = 64 };
static struct board { /* others use it, too: do not change it */
    atomic_uint offset, length;
    char text[ROOM];
} * board;

/* ---- your work begins here ---- */
static int fits(void)
{
    return board->length <= MAX && board->offset <= ROOM &&
           board->length <= ROOM - board->offset;
}

static void take(void) /* the reader calls this */
{
    static char copy[MAX];
    if (!fits())
        errx(3, "offset %u, length %u: no note", board->offset, board->length);
    fprintf(stderr, "length %u: press Return\n", board->length);
    getchar();
    memcpy(copy, board->text + board->offset, board->length);
    fwrite(copy, 1, board->length, stdout);
    putchar('\n');
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    const int writes = argc == 6 && strcmp(argv[1], "write") == 0;
    if (!writes && (argc != 3 || strcmp(argv[1], "read") != 0))
        errx(2, "usage: write NAME OFFSET LENGTH TEXT | read NAME");
    int fd = shm_open(argv[2], O_RDWR | (writes ? O_CREAT : 0), 0600);
    if (fd == -1 || (writes && ftruncate(fd, sizeof *board) == -1))
        err(1, "%s", argv[2]);
    if (lseek(fd, 0, SEEK_END) != sizeof *board)
        errx(1, "%s is no board", argv[2]);
    board = mmap(NULL, sizeof *board, PROT_READ | (writes ? PROT_WRITE : 0),
                 MAP_SHARED, fd, 0);
    if (board == MAP_FAILED)
        err(1, "mmap");
    if (!writes) {
        take();
        return 0;
    }
    memccpy(board->text, argv[5], '\0', ROOM);
    board->offset = (unsigned)strtoul(argv[3], NULL, 10);
    board->length = (unsigned)strtoul(argv[4], NULL, 10);
    return 0;
}
