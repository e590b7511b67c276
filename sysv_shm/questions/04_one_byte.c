/*
 * 04_one_byte.c - a segment of one byte
 *
 * Try shmget(IPC_PRIVATE, page + 1, 0600). Where is the end now?
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(4, "If you ask for one byte, how many are there?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
    struct shmid_ds ds;
    /* Addresses of our own, so that nothing else is after the segment. */
    char *at = mmap(NULL, 3 * page, PROT_NONE, anonymous, -1, 0);

    /* Marked at once, it goes with the last process that has it. */
    CODE(int id = shmget(IPC_PRIVATE, 1, 0600);
         char *p = shmat(id, at, SHM_REMAP); shmctl(id, IPC_STAT, &ds);
         shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");

    CODE(int bytes = (int)ds.shm_segsz);
    expect("1", result(bytes));
    CODE(char byte = p[page - 1]);
    expect("0", result(byte));
    CHILD(p[page - 1] = 'x');
    expect("no signal", ended());
    CHILD(p[page] = 'x');
    expect("SIGSEGV", ended());

    return why(
        "One page. The kernel gives whole pages, filled with zeros, and "
        "remembers in shm_segsz what you asked for: shmget(2). After the last "
        "page nothing is mapped, and a segment cannot become shorter. So the "
        "signal is SIGSEGV, never the SIGBUS of a file that is too short.");
}
