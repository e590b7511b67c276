/*
 * bounded_buffer - four places, and more than four items     (posix_shm lab 2)
 *
 * A producer, the child, puts the items 1, 2 ... COUNT into a shared ring of
 * four places. A consumer, the parent, takes them when you press Return. With 3
 * items this works. With 10 it goes wrong, before and after you press Return:
 *
 *     $ cc posix_shm/lab/bounded_buffer.c -o posix_shm/lab/bounded_buffer
 *     $ ./posix_shm/lab/bounded_buffer 10
 *
 * Your task: it takes the items out of the ring, each once and in order, and
 * prints `took 1` ... `took COUNT`, however slow either is. The producer puts
 * four, then one for each taken. `make labs LAB=bounded_buffer` checks it.
 */
#define _GNU_SOURCE
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
    sem_t items; /* how many can be taken */
    int place[PLACES];
} * ring;

static void prepare(void)
{
    sem_init(&ring->items, 1, 0);
}

static void put(int item) /* the child calls this */
{
    static int next;
    ring->place[next] = item;
    if (++next > PLACES)
        next = 0;
    sem_post(&ring->items);
}

static int take(void) /* and the parent this */
{
    static int next;
    sem_wait(&ring->items);
    int item = ring->place[next];
    next = (next + 1) % PLACES;
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
