/*
 * bounded_buffer, mended with two named semaphores, whose names hold the process's
 * number and are removed at once: the child has them by fork(2).
 */
#include <err.h>
#include <fcntl.h>
#include <semaphore.h>
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

static sem_t *items, *places; /* how many to be taken, how many free */

/* Of this run alone: its name is gone before anybody else can have it. */
static sem_t *semaphore(const char *what, unsigned value)
{
    char name[60];
    snprintf(name, sizeof name, "/ring.%d.%s", (int)getpid(), what);
    sem_t *s = sem_open(name, O_CREAT | O_EXCL, 0600, value);
    if (s == SEM_FAILED)
        err(1, "%s", name);
    sem_unlink(name);
    return s;
}

static void prepare(void)
{
    items = semaphore("items", 0);
    places = semaphore("places", PLACES);
}

static void put(int item)
{
    static int next;
    sem_wait(places);
    ring->place[next] = item;
    next = (next + 1) % PLACES;
    sem_post(items);
}

static int take(void)
{
    static int next;
    sem_wait(items);
    int item = ring->place[next];
    next = (next + 1) % PLACES;
    sem_post(places);
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
