/*
 * 01_moved_pointer.c - may munmap get another address than mmap returned?
 *
 * Try munmap(p + page, 2 * page): which accesses are left?
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

volatile char c; /* volatile, or the compiler might leave out c = p[0] */

int main(void)
{
    question(1, "If ptr moves (ptr++), does munmap(ptr) still work?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    int r;

    CODE(char *p = mmap(NULL, 3 * page, PROT_READ, flags, -1, 0));
    if (p == MAP_FAILED)
        err(1, "mmap");

    CODE(r = munmap(p + 1, page));
    expect("EINVAL", result(r));

    CODE(r = munmap(p + page, page));
    expect("0", result(r));
    CHILD(c = p[0]);
    expect("no signal", ended());
    CHILD(c = p[page]);
    expect("SIGSEGV", ended());
    CHILD(c = p[2 * page]);
    expect("no signal", ended());

    return why(
        "munmap(2) wants a multiple of the page size. p + 1 is none, so "
        "munmap fails and unmaps nothing. p + page is one, so munmap succeeds "
        "and unmaps the wrong page. The program dies later, at its next "
        "access to that page. Keep the address that mmap returned, and move a "
        "copy of it.");
}
