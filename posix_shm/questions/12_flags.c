/*
 * 12_flags.c - how shm_open differs from open
 *
 * Try open(path, O_RDONLY | O_NOFOLLOW) for the link.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(12, "Is shm_open more than open(2)?");
    char name[50], path[60];
    int r;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());
    snprintf(path, sizeof path, "/dev/shm%s", name);

    CODE(int file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (file == -1) err(1, "open"); int fd = shm_open(name, O_RDWR, 0);
         r = shm_unlink(name));
    expect("0", result(r));
    CODE(r = fcntl(file, F_GETFD));
    expect("0", result(r));
    CODE(r = fcntl(fd, F_GETFD) == FD_CLOEXEC);
    expect("1", result(r));

    CODE(if (symlink("/dev/null", path) == -1) err(1, "symlink");
         file = open(path, O_RDONLY); fd = shm_open(name, O_RDONLY, 0);
         unlink(path));
    expect("ELOOP", result(fd));
    CODE(int opened = file != -1);
    expect("1", result(opened));

    return why(
        "Hardly. shm_open(name, flags, mode) is open(2) of that name in "
        "/dev/shm, with O_CLOEXEC, so that execve(2) closes the descriptor, "
        "and with O_NOFOLLOW, so that a symbolic link that somebody else has "
        "put there is refused. shm_open(3) mentions only the first.");
}
