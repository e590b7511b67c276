/*
 * dribble.c - cat(1) that reads and writes bit by bit, and rests now and then
 *
 *     cc tests/lib/dribble.c -o dribble
 *     ./dribble 1000 <in | ./posix_shm/stream_writer
 *
 * Each piece has 1 to 1000 bytes; after one in four it rests up to 2 ms.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    size_t most = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (most == 0)
        errx(2, "usage: dribble MOST <IN >OUT");
    char *piece = malloc(most);
    if (piece == NULL)
        err(1, "malloc");
    unsigned seed = (unsigned)getpid();
    for (;;) {
        ssize_t n = read(0, piece, 1 + (size_t)rand_r(&seed) % most);
        if (n == 0)
            return 0;
        if (n == -1)
            err(1, "read");
        if (write(1, piece, (size_t)n) != n) /* without signals it is all */
            err(1, "write");
        if (rand_r(&seed) % 4 == 0)
            nanosleep(&(struct timespec){.tv_nsec = rand_r(&seed) % 2000000},
                      NULL);
    }
}
