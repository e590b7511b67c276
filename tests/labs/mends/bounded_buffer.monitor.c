/*
 * bounded_buffer, mended with a mutex and two conditions that both processes
 * may use, pthread_mutexattr_setpshared(3): not empty, and not full.
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };

/* ---- your work begins here ---- */
static struct ring {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    int items, place[PLACES];
} * ring;

static void prepare(void)
{
    pthread_mutexattr_t m;
    pthread_mutexattr_init(&m);
    pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&ring->lock, &m);
    pthread_condattr_t c;
    pthread_condattr_init(&c);
    pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&ring->not_empty, &c);
    pthread_cond_init(&ring->not_full, &c);
}

static void put(int item)
{
    static int next;
    pthread_mutex_lock(&ring->lock);
    while (ring->items == PLACES)
        pthread_cond_wait(&ring->not_full, &ring->lock);
    ring->place[next] = item;
    next = (next + 1) % PLACES;
    ring->items++;
    pthread_cond_signal(&ring->not_empty);
    pthread_mutex_unlock(&ring->lock);
}

static int take(void)
{
    static int next;
    pthread_mutex_lock(&ring->lock);
    while (ring->items == 0)
        pthread_cond_wait(&ring->not_empty, &ring->lock);
    int item = ring->place[next];
    next = (next + 1) % PLACES;
    ring->items--;
    pthread_cond_signal(&ring->not_full);
    pthread_mutex_unlock(&ring->lock);
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
