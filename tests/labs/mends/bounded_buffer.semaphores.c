/*
 * bounded_buffer, mended with the semaphore that was missing: one counts what
 * is there to be taken, the other the places that are free.
 */
#include <err.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };

/* ---- your work begins here ---- */
static struct ring {
    sem_t items;  /* how many there are to be taken */
    sem_t places; /* how many are free */
    int place[PLACES];
} * ring;

static void prepare(void)
{
    sem_init(&ring->items, 1, 0);
    sem_init(&ring->places, 1, PLACES);
}

static void put(int item)
{
    static int next;
    sem_wait(&ring->places);
    ring->place[next] = item;
    next = (next + 1) % PLACES;
    sem_post(&ring->items);
}

static int take(void)
{
    static int next;
    sem_wait(&ring->items);
    int item = ring->place[next];
    next = (next + 1) % PLACES;
    sem_post(&ring->places);
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
