/*
 * 20_write_seal.c - an object that nobody can write to any more
 *
 * Try to map it with PROT_READ after F_SEAL_WRITE.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(20, "Can I forbid others to write?");
    const int rw = PROT_READ | PROT_WRITE;
    long r;

    CODE(int fd = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd == -1)
        return skip("memfd_create(2) does not work here.");
    dprintf(fd, "some text");
    CODE(char *p = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    CODE(r = fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    expect("EBUSY", result(r));

    CODE(r = fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
    expect("0", result(r));
    CODE(char *q = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    expect("EPERM", address(q));
    CODE(r = pwrite(fd, "S", 1, 0));
    expect("EPERM", result(r));
    CHILD(p[0] = 'S');
    expect("no signal", ended());
    expect("Some text", p);

    CODE(munmap(p, 9); r = fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    expect("0", result(r));
    return why(
        "F_SEAL_WRITE forbids all writing. It is EBUSY while anyone has the "
        "object mapped for writing. F_SEAL_FUTURE_WRITE spares the mappings "
        "that exist: map it, seal it, send it, and only you can write.");
}
