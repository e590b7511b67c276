/*
 * 13_resize.c - an object that changes its size while two have it mapped
 *
 * Try mremap of q, too, before the object shrinks.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(13, "If an object is resized, who has to be told?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int shared = MAP_SHARED, anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());
    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd == -1 || shm_unlink(name) == -1)
        err(1, "shm_open");

    CODE(int r = ftruncate(fd, page));
    CODE(char *p = mmap(NULL, page, PROT_WRITE, shared, fd, 0));
    /* Two pages of addresses, so that the one after q is taken. */
    char *at = mmap(NULL, 2 * page, PROT_NONE, anonymous, -1, 0);
    CODE(char *q = mmap(at, page, PROT_WRITE, shared | MAP_FIXED, fd, 0));

    CODE(r = ftruncate(fd, 2 * page));
    expect("0", result(r));
    CODE(p = mremap(p, page, 2 * page, MREMAP_MAYMOVE));
    CHILD(p[page] = 'x');
    expect("no signal", ended());
    CHILD(q[page] = 'x');
    expect("SIGSEGV", ended());
    CODE(r = ftruncate(fd, page));
    CHILD(p[page] = 'x');
    expect("SIGBUS", ended());
    return why(
        "Every process that has it mapped. A mapping keeps its length: p "
        "needs mremap(2), and so does q, which stands for another process. If "
        "the object shrinks, both get a SIGBUS. Nothing warns them.");
}
