/*
 * 14_munmap_length.c - what if munmap gets more than mmap was given?
 *
 * Try munmap(p, 1), and munmap(p, page + 1).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

volatile char c; /* volatile, or the compiler might leave out c = p[0] */

int main(void)
{
    question(14, "What if munmap gets a larger length than was mapped?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

    CODE(int fd = open(file_with("mine"), O_RDONLY));
    CODE(int other = open(file_with("another file"), O_RDONLY));
    /* Two pages of addresses, and a mapping in each. */
    CODE(char *p = mmap(NULL, 2 * page, PROT_NONE, anonymous, -1, 0));
    CODE(p = mmap(p, page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0));
    expect("an address", address(p));
    CODE(char *q =
             mmap(p + page, page, PROT_READ, MAP_SHARED | MAP_FIXED, other, 0));
    expect("an address", address(q));
    CHILD(c = q[0]);
    expect("no signal", ended());

    CODE(int r = munmap(p, 2 * page));
    expect("0", result(r));
    CHILD(c = q[0]);
    expect("SIGSEGV", ended());

    say("the text", "maps 4096 bytes and unmaps 8192. It works by luck.");
    return why(
        "munmap(2) unmaps all pages in the range, whatever mapping they "
        "belong to. If nothing is mapped there, that is no error either. Give "
        "munmap the length that you gave mmap.");
}
