/*
 * 07_read_only.c - a segment that is attached for reading
 *
 * Try mprotect after a shmat without SHM_RDONLY.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(7, "Attached with SHM_RDONLY: what does a store do?");
    const int rw = PROT_READ | PROT_WRITE;

    /* Marked at once, it goes with the last process that has it. */
    CODE(int id = shmget(IPC_PRIVATE, 1, 0600);
         char *p = shmat(id, NULL, SHM_RDONLY); shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");

    CODE(char byte = p[0]);
    expect("0", result(byte));
    CHILD(p[0] = 'x');
    expect("SIGSEGV", ended());
    CODE(int r = mprotect(p, 1, rw));
    expect("EACCES", result(r));

    CODE(char *q = shmat(id, NULL, 0));
    expect("an address", address(q));
    CHILD(q[0] = 'x');
    expect("no signal", ended());
    expect("x", p);

    return why(
        "It kills the process: the pages are mapped for reading only, as "
        "shmop(2) says, and a store has no return value that could be an "
        "error. That holds for root, too. But the mode of the segment allows "
        "more, so we may attach it once more, for writing.");
}
