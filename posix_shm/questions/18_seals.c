/*
 * 18_seals.c - an object whose size cannot change any more
 *
 * Try memfd_create without MFD_ALLOW_SEALING.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(18, "Can I forbid others to change the size?");
    char name[50];
    int r;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd == -1)
        return skip("memfd_create(2) does not work here.");
    dprintf(fd, "some text");
    CODE(r = fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
    expect("0", result(r));
    CODE(r = ftruncate(fd, 4));
    expect("EPERM", result(r));
    CODE(r = ftruncate(fd, 4000));
    expect("EPERM", result(r));
    CODE(r = fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    expect("0", result(r));
    CODE(r = fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    expect("EPERM", result(r));

    CODE(fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd == -1 || shm_unlink(name) == -1)
        err(1, "shm_open");
    CODE(r = fcntl(fd, F_GET_SEALS) == F_SEAL_SEAL);
    expect("1", result(r));
    return why(
        "Yes, with F_SEAL_SHRINK and F_SEAL_GROW, which also bind you and "
        "cannot be removed: fcntl(2). F_SEAL_SEAL forbids further seals. An "
        "object of shm_open has it from the start: use memfd_create(2).");
}
