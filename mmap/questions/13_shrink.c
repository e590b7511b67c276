/*
 * 13_shrink.c - a file that loses a page while it is mapped
 *
 * Make it two pages long again at the end: is the second page back?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

volatile char c; /* volatile, or the compiler might leave out c = p[0] */

int main(void)
{
    question(13, "What if the file is made shorter under a mapping?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    CODE(int fd = open(file_with(""), O_RDWR));
    int r;

    CODE(r = ftruncate(fd, 2 * page));
    expect("0", result(r));
    CODE(char *p = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0));
    expect("an address", address(p));
    CHILD(c = p[page]);
    expect("no signal", ended());

    CODE(r = ftruncate(fd, page));
    expect("0", result(r));
    CHILD(c = p[page]);
    expect("SIGBUS", ended());
    CHILD(c = p[0]);
    expect("no signal", ended());

    return why(
        "The file has lost its second page, so an access to that page is a "
        "SIGBUS: mmap(2). Any process that may write to the file may also "
        "make it shorter, and so kill all processes that have it mapped. "
        "Question 19 is about a file that grows.");
}
