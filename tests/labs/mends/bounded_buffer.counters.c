/*
 * bounded_buffer, mended with two atomic counters that only go up: each is
 * written by one side alone, and their difference is what lies in the ring.
 * Who has to wait looks again a little later.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };

/* ---- your work begins here ---- */
static struct ring {
    atomic_uint put, taken; /* how many ever were */
    int place[PLACES];
} * ring;

static void prepare(void)
{
    /* new memory is 0 */
}

static void put(int item)
{
    unsigned n = atomic_load(&ring->put);
    while (n - atomic_load(&ring->taken) == PLACES)
        usleep(1000);
    ring->place[n % PLACES] = item;
    atomic_store(&ring->put, n + 1);
}

static int take(void)
{
    unsigned n = atomic_load(&ring->taken);
    while (n == atomic_load(&ring->put))
        usleep(1000);
    int item = ring->place[n % PLACES];
    atomic_store(&ring->taken, n + 1);
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
    if (fork() == 0) {
        for (int i = 1; i <= count; i++) {
            put(i);
            dprintf(1, "put %d\n", i);
        }
        _exit(0);
    }
    getchar();
    for (int i = 1; i <= count; i++)
        dprintf(1, "took %d\n", take());
    wait(NULL);
    return 0;
}
