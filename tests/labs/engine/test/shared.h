/*
 * shared.h - what the tiny programs here share: a file called `count`, which the
 * check makes, all zeros
 *
 * Each of them adds 1 to the count, and is started twice. There are right ones and
 * wrong ones; engine.sh in the folder above says which is what.
 */
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

struct shared {
    int count;
    atomic_int lock, ready;
};

static inline struct shared *map(void)
{
    int fd = open("count", O_RDWR | O_CLOEXEC);
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        err(1, "count");
    return shared;
}

/* In two steps, and it takes its time. */
static inline void add(struct shared *shared)
{
    int count = shared->count;
    getppid();
    shared->count = count + 1;
}
