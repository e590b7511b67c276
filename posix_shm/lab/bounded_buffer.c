/*
 * bounded_buffer - four places, and more than four items    (posix_shm lab 2)
 *
 * A producer, the child, makes the items 1, 2 ... COUNT. A consumer, the parent,
 * takes them in this order, when you have pressed Return. Between them is a
 * shared ring of four places, where the items lie until then:
 *
 *     $ cc posix_shm/lab/bounded_buffer.c -o posix_shm/lab/bounded_buffer
 *     $ ./posix_shm/lab/bounded_buffer 3
 *
 * With three items all is well. With 10 something is wrong before you press
 * Return, and something else after that.
 *
 * Your task: `took 1`, `took 2` ... up to `took COUNT`, each item once and in
 * this order, however slow either of the two is at any place. It stays a ring
 * of four places: as long as nothing has been taken the producer puts four
 * items and waits; each one taken lets it put one more. main() stays as it is;
 * add what you need to the ring. `make labs LAB=bounded_buffer` says how far.
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
    sem_t items; /* how many there are to be taken */
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
