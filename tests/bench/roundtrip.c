/*
 * roundtrip - how long a message of 8 bytes takes there and back
 *
 *     roundtrip METHOD two|one SECONDS
 *
 * Two processes, each on a core of its own or both on one. A message is a
 * number that grows; the other side sends it back. Goes on for SECONDS, or
 * until it has ROUNDS. Prints the median and the 99th percentile in ns; one
 * look at the clock is in them, some 20 to 50 ns.
 *
 *     $ ./roundtrip pipe two 0.1
 *     9871 15234
 */
#define _GNU_SOURCE /* sched_setaffinity, struct ucred */
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "../../posix_shm/lifeline.h"

#include "bench.h"

enum { THERE, BACK };
enum { ROUNDS = 100000 };
enum { HELLO = 1000000 }; /* no message: the other side is there */

/* One direction. Each has a cache line, or two, of its own. */
struct way {
    _Alignas(128) _Atomic uint64_t number; /* the message */
    _Alignas(128) _Atomic uint32_t posted; /* for futex(2) */
    sem_t semaphore;
};

static struct way *ways;
static int pipes[2][2]; /* a way's ends to read and to write */
static int lines[2];    /* the socket of the side that sends this way */

static uint64_t look(int way)
{
    return atomic_load_explicit(&ways[way].number, memory_order_relaxed);
}
static void leave(int way, uint64_t n)
{
    atomic_store_explicit(&ways[way].number, n, memory_order_relaxed);
}

/* --- shared memory, and nothing but to look at it ------------------------- */

static void spin_send(int way, uint64_t n)
{
    atomic_store_explicit(&ways[way].number, n, memory_order_release);
}
static uint64_t spin_receive(int way)
{
    static uint64_t last; /* a process receives from one way only */
    uint64_t n;
    while ((n = atomic_load_explicit(&ways[way].number,
                                     memory_order_acquire)) == last)
        ;
    return last = n;
}

/* --- shared memory, and a wait in the kernel ------------------------------ */

/* As the stream pair waits: a byte through a socket. */
static void ring_make(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, lines) == -1)
        err(1, "socketpair");
}
static void ring_send(int way, uint64_t n)
{
    leave(way, n);
    lifeline_ring(lines[way]);
}
static uint64_t ring_receive(int way)
{
    lifeline_rung(lines[!way], "other side");
    return look(way);
}

static void posix_make(void)
{
    for (int way = THERE; way <= BACK; way++)
        if (sem_init(&ways[way].semaphore, 1, 0) == -1)
            err(1, "sem_init");
}
static void posix_send(int way, uint64_t n)
{
    leave(way, n);
    sem_post(&ways[way].semaphore);
}
static uint64_t posix_receive(int way)
{
    while (sem_wait(&ways[way].semaphore) == -1)
        if (errno != EINTR)
            err(1, "sem_wait");
    return look(way);
}

static void sysv_send(int way, uint64_t n)
{
    leave(way, n);
    bench_semop((unsigned short)way, 1);
}
static uint64_t sysv_receive(int way)
{
    bench_semop((unsigned short)way, -1);
    return look(way);
}

/* The least that can sleep: a word, and a system call in each direction. The
   operations are those of linux/futex.h, which musl-gcc does not see. */
enum { WAIT, WAKE };
static void futex_send(int way, uint64_t n)
{
    leave(way, n);
    atomic_store(&ways[way].posted, 1);
    syscall(SYS_futex, &ways[way].posted, WAKE, 1, NULL, NULL, 0);
}
static uint64_t futex_receive(int way)
{
    while (atomic_exchange(&ways[way].posted, 0) == 0)
        syscall(SYS_futex, &ways[way].posted, WAIT, 0, NULL, NULL, 0);
    return look(way);
}

/* --- the kernel carries it ------------------------------------------------ */

static void pipe_make(void)
{
    if (pipe(pipes[THERE]) == -1 || pipe(pipes[BACK]) == -1)
        err(1, "pipe");
}
static void pipe_send(int way, uint64_t n)
{
    if (write(pipes[way][1], &n, sizeof n) != sizeof n)
        err(1, "write");
}
static uint64_t pipe_receive(int way)
{
    uint64_t n;
    if (read(pipes[way][0], &n, sizeof n) != sizeof n)
        err(1, "read");
    return n;
}

static void none(void)
{
}

static const struct method {
    const char *name;
    void (*make)(void);
    void (*send)(int, uint64_t);
    uint64_t (*receive)(int);
} methods[] = {
    {"spin", none, spin_send, spin_receive},
    {"ring", ring_make, ring_send, ring_receive},
    {"posix", posix_make, posix_send, posix_receive},
    {"sysv", bench_semaphores, sysv_send, sysv_receive},
    {"futex", none, futex_send, futex_receive},
    {"pipe", pipe_make, pipe_send, pipe_receive},
};

/* --- and the measurement -------------------------------------------------- */

/* Stay on the number-th of the cores that we may use. */
static void stay_on(int number)
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) == -1)
        err(1, "sched_getaffinity");
    for (size_t core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &cores) && number-- != 0)
            CPU_CLR(core, &cores);
    if (CPU_COUNT(&cores) == 0) {
        printf("there is one core\n");
        exit(BENCH_SKIP);
    }
    if (sched_setaffinity(0, sizeof cores, &cores) == -1)
        err(1, "sched_setaffinity");
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    bench_start();
    const struct method *m = methods;
    const struct method *after = m + sizeof methods / sizeof methods[0];
    while (argc == 4 && m < after && strcmp(argv[1], m->name) != 0)
        m++;
    if (argc != 4 || m == after)
        errx(2, "usage: roundtrip METHOD two|one SECONDS");
    const bool two = strcmp(argv[2], "two") == 0;
    const double seconds = strtod(argv[3], NULL);

    ways = bench_share(2 * sizeof *ways);
    m->make();
    const pid_t child = bench_fork();
    stay_on(two && child == 0 ? 1 : 0);
    if (child == 0) {
        m->send(BACK, HELLO);
        for (uint64_t n = 1; m->receive(THERE) == n; n++)
            m->send(BACK, n);
        exit(0); /* the last one is 1 more than it should be */
    }
    if (m->receive(BACK) != HELLO)
        errx(1, "no hello");

    static double took[ROUNDS];
    uint64_t n = 0;
    double since = bench_now(), before = since;
    while (n < ROUNDS && before < since + seconds) {
        m->send(THERE, n + 1);
        if (m->receive(BACK) != n + 1)
            errx(1, "message %llu did not come back", (unsigned long long)n);
        double now = bench_now();
        took[n++] = now - before;
        before = now;
    }
    m->send(THERE, n + 2);
    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    bench_ended("the other side", status);

    qsort(took, n, sizeof *took, by_value);
    printf("%.0f %.0f\n", took[n / 2] * 1e9, took[n * 99 / 100] * 1e9);
    return 0;
}
