/*
 * 09_read_only.c - may an object opened for reading be changed?
 *
 * Try the first mmap with MAP_PRIVATE. Does a store change the object then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(9, "Opened O_RDONLY: may we still write?");
    const int rw = PROT_READ | PROT_WRITE;
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open"); dprintf(fd, "some text");
         int read_only = shm_open(name, O_RDONLY, 0); shm_unlink(name));

    CODE(char *p = mmap(NULL, 9, rw, MAP_SHARED, read_only, 0));
    expect("EACCES", address(p));
    CODE(p = mmap(NULL, 9, PROT_READ, MAP_SHARED, read_only, 0));
    expect("an address", address(p));

    CHILD(p[0] = 'S');
    expect("SIGSEGV", ended());
    CODE(int r = mprotect(p, 9, rw));
    expect("EACCES", result(r));

    return why(
        "No, and root may not, either: mmap(2), mprotect(2). What counts is "
        "how this descriptor was opened, not the mode of the object. So a "
        "program that only reads should open the object O_RDONLY: then no "
        "mistake in it can change what the others see.");
}
