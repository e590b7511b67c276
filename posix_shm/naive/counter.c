/*
 * counter - several processes add to one total, without a mutex  (lesson 2.4)
 *
 * To add 1, a process loads the total and stores it again, 1 greater. What the
 * others have stored in between is lost. How much is lost is a matter of luck.
 * With `slow` it waits between load and store, so something is lost each time.
 * volatile makes the compiler load and store each time, but keeps nobody out.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 4 };

struct counter {
    volatile long long added[WORKERS]; /* by each process, in its row */
    volatile long long total;          /* should be the sum of added */
};

int main(int argc, char **argv)
{
    int slow = argc == 2 && strcmp(argv[1], "slow") == 0;
    int count = slow ? 1000 : 20000000;
    struct counter *c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c == MAP_FAILED)
        err(1, "mmap");

    /* 1. Each worker counts, in its row and in the total. */
    for (int i = 0; i < WORKERS; i++) {
        pid_t worker = fork();
        if (worker == -1)
            err(1, "fork");
        for (int n = 0; worker == 0 && n < count; n++) {
            c->added[i]++;
            long long seen = c->total;
            if (slow)
                usleep(1);
            c->total = seen + 1;
        }
        if (worker == 0)
            return 0;
    }

    /* 2. Wait for all workers, and compare. */
    long long all = 0;
    for (int i = 0; i < WORKERS; i++)
        wait(NULL);
    for (int i = 0; i < WORKERS; i++)
        all += c->added[i];
    printf("all rows %lld, total %lld\n", all, c->total);
    return c->total != all;
}
