/*
 * 19_grow.c - a file that becomes longer after it was mapped
 *
 * Try munmap(p + page, page) before mremap: must it still move?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

volatile char c; /* volatile, or the compiler might leave out c = p[0] */

int main(void)
{
    question(19, "A file grows: does the mapping grow with it?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

    CODE(int fd = open(file_with("some text"), O_RDWR));
    /* Two pages of addresses, so that the one after the mapping is taken. */
    CODE(char *p = mmap(NULL, 2 * page, PROT_NONE, anonymous, -1, 0));
    CODE(p = mmap(p, page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0));
    CODE(int r = ftruncate(fd, 2 * page));
    expect("0", result(r));
    CHILD(c = p[page]);
    expect("SIGSEGV", ended());

    CODE(char *q = mremap(p, page, 2 * page, 0));
    expect("ENOMEM", address(q));
    CODE(q = mremap(p, page, 2 * page, MREMAP_MAYMOVE));
    CODE(int moved = q != p);
    expect("1", result(moved));
    CHILD(c = q[page]);
    expect("no signal", ended());
    CHILD(c = p[0]);
    expect("SIGSEGV", ended());

    return why(
        "No. mremap(2) makes a mapping longer. If the addresses after it are "
        "taken, it must move, and MREMAP_MAYMOVE allows that. Pointers to the "
        "old place are invalid then, so put offsets into shared memory, not "
        "pointers.");
}
