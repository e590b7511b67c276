/*
 * 06_truncated.c - an object that is opened with O_TRUNC while it is mapped
 *
 * Try it without O_TRUNC: what is in p then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(6, "What does O_TRUNC do while others have it mapped?");
    const int rw = PROT_READ | PROT_WRITE;
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open"); dprintf(fd, "some text");
         char *p = mmap(NULL, 9, rw, MAP_SHARED, fd, 0);
         close(shm_open(name, O_RDWR | O_TRUNC, 0)); shm_unlink(name));
    expect("an address", address(p));

    CODE(off_t size = lseek(fd, 0, SEEK_END));
    expect("0", result((long)size));
    CHILD(p[0] = 'x');
    expect("SIGBUS", ended());

    CODE(int r = ftruncate(fd, 9));
    expect("0", result(r));
    CODE(char byte = p[0]);
    expect("0", result(byte));

    say("the text", "gives O_CREAT | O_TRUNC | O_RDWR as the usual flags.");
    return why(
        "O_TRUNC makes the object empty for everyone: shm_open(3). Its bytes "
        "are lost, and a process that has it mapped gets a SIGBUS at its next "
        "access. To start afresh and leave the others alone, use shm_unlink, "
        "then O_CREAT | O_EXCL: question 7.");
}
