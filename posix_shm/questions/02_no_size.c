/*
 * 02_no_size.c - an object that was just created, and has no bytes yet
 *
 * Try posix_fallocate(fd, 0, 9) in place of ftruncate(fd, 9).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(2, "What if ftruncate is forgotten?");
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd == -1)
        err(1, "shm_open");
    shm_unlink(name); /* now, so that nothing is left, whatever happens */

    CODE(char *p = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, fd, 0));
    expect("an address", address(p));
    CHILD(p[0] = 'x');
    expect("SIGBUS", ended());

    CODE(int r = ftruncate(fd, 9));
    expect("0", result(r));
    CHILD(p[0] = 'x');
    expect("no signal", ended());

    say("the text", "warns of this \"Bus error\".");
    return why(
        "A new object has length 0: shm_open(3). mmap succeeds all the same, "
        "but the object has no page that p[0] could be in. You get the same "
        "signal if you forget nothing, but open an object in the moment "
        "between its maker's shm_open and ftruncate.");
}
