/*
 * 08_address.c - an address that we choose
 *
 * Try shmat(id, NULL, SHM_REMAP). Why is it an error?
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(8, "May we choose the address?");
    const unsigned step = (unsigned)SHMLBA;
    const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
    char *at = mmap(NULL, 3 * step, PROT_NONE, anonymous, -1, 0);
    char *free_one = at + step - (unsigned long)at % step;
    munmap(at, 3 * step);

    CODE(int id = shmget(IPC_PRIVATE, 1, 0600);
         char *p = shmat(id, free_one, 0); shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");
    CODE(int there = p == free_one);
    expect("1", result(there));

    CODE(char *q = shmat(id, p, 0));
    expect("EINVAL", address(q));
    CODE(q = shmat(id, p, SHM_REMAP));
    expect("an address", address(q));
    CODE(q = shmat(id, p + step + 1, 0));
    expect("EINVAL", address(q));
    CODE(q = shmat(id, p + step + 1, SHM_RND); there = q == p + step);
    expect("1", result(there));

    return why(
        "Yes, if it is free and a multiple of SHMLBA. SHM_RND rounds it down, "
        "SHM_REMAP replaces what is there: shmop(2). But which addresses are "
        "free differs from process to process, and from run to run. So give "
        "NULL, and the kernel finds one.");
}
