/*
 * 03_odd_size.c - an object of 1000 bytes
 *
 * Try ftruncate(fd, 2000) at the end: does pread find the x then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(3, "Must the size be a multiple of the page size?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int rw = PROT_READ | PROT_WRITE;
    char name[50], byte;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd == -1)
        err(1, "shm_open");
    shm_unlink(name); /* now, so that nothing is left, whatever happens */
    CODE(int r = ftruncate(fd, 1000));
    expect("0", result(r));

    CODE(char *p = mmap(NULL, 2 * page, rw, MAP_SHARED, fd, 0));
    if (p == MAP_FAILED)
        err(1, "mmap");
    CHILD(p[1500] = 'x');
    expect("no signal", ended());
    expect("x", p + 1500);
    CODE(ssize_t n = pread(fd, &byte, 1, 1500));
    expect("0", result(n));
    CHILD(p[page] = 'x');
    expect("SIGBUS", ended());

    say("the text", "says that it must. But any size will do.");
    return why(
        "The object has 1000 bytes. Memory comes in pages, so the rest of the "
        "last page is there too, and is even shared. But read(2) never shows "
        "it, so do not use it. An access to the next page is a SIGBUS.");
}
