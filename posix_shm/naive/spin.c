/*
 * spin - a ring whose two sides look again and again            (lesson 2.3)
 *
 * It copies stdin to stdout. A process that waits looks at the counters all the
 * time, and uses a whole core. If you kill the reader, the writer looks forever.
 * volatile makes each look load the counter, but it orders nothing:
 * on some machines `filled` can be seen before the bytes in the slot.
 *
 *     $ sleep 10 | ./posix_shm/naive/spin &
 *     $ top
 */
#define _GNU_SOURCE
#include <err.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 4, SLOT_SIZE = 1 << 16 };

struct ring {
    volatile unsigned filled, emptied; /* slots, since the start */
    ssize_t length[SLOTS];             /* 0 is the end */
    char slot[SLOTS][SLOT_SIZE];
};

int main(void)
{
    struct ring *r = mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        err(1, "mmap");
    pid_t reader = fork();
    if (reader == -1)
        err(1, "fork");

    /* The child is the reader. */
    for (; reader == 0; r->emptied++) {
        while (r->emptied == r->filled)
            ; /* no slot is full: look again */
        unsigned i = r->emptied % SLOTS;
        if (r->length[i] <= 0)
            return 0;
        if (write(STDOUT_FILENO, r->slot[i], (size_t)r->length[i]) == -1)
            err(1, "write to stdout");
    }

    /* The parent is the writer. */
    for (ssize_t n = 1; n > 0; r->filled++) {
        while (r->filled - r->emptied == SLOTS)
            ; /* no slot is free: look again */
        unsigned i = r->filled % SLOTS;
        n = read(STDIN_FILENO, r->slot[i], SLOT_SIZE);
        r->length[i] = n;
    }
    wait(NULL);
    return 0;
}
