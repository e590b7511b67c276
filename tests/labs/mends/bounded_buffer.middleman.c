/*
 * bounded_buffer, mended with pipes and a helper: it passes on a byte for each place
 * that is free, and ends when nobody can take any more.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };

/* ---- your work begins here ---- */
static struct ring {
    int place[PLACES];
} * ring;
static int taken[2], vacant[2], full[2];
/* Gives the places, and ends when nobody can take any more. */
static void give_places(void)
{
    char c;
    close(taken[1]), close(full[0]), close(full[1]), close(vacant[0]);
    signal(SIGPIPE, SIG_IGN);
    if (write(vacant[1], "four", PLACES) != PLACES)
        _exit(1);
    while (read(taken[0], &c, 1) == 1)
        if (write(vacant[1], &c, 1) != 1)
            break;
    _exit(0);
}
static void prepare(void)
{
    if (pipe(taken) || pipe(vacant) || pipe(full))
        err(1, "pipe");
    pid_t between = fork();
    if (between == 0) {
        if (fork() == 0)
            give_places();
        _exit(0);
    }
    waitpid(between, NULL, 0);
    close(vacant[1]);
    close(taken[0]);
}
static void put(int item)
{
    static int next;
    char c;
    if (next == 0)
        close(taken[1]);
    if (read(vacant[0], &c, 1) != 1)
        err(1, "read");
    ring->place[next++ % PLACES] = item;
    if (write(full[1], "f", 1) != 1)
        err(1, "write");
}
static int take(void)
{
    static int next;
    char c;
    if (read(full[0], &c, 1) != 1)
        err(1, "read");
    int item = ring->place[next++ % PLACES];
    signal(SIGPIPE, SIG_IGN);
    if (write(taken[1], "t", 1) != 1 && errno != EPIPE)
        err(1, "write");
    return item;
}
/* ---- and ends here ---- */

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10;
    ring = mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ring == MAP_FAILED)
        err(1, "mmap");
    prepare();
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        for (int i = 1; i <= count; i++) {
            put(i);
            dprintf(1, "put %d\n", i);
        }
        return 0;
    }
    getchar();
    for (int i = 1; i <= count; i++)
        dprintf(1, "took %d\n", take());
    wait(NULL);
    return 0;
}
