/*
 * 04_errors.c - four ways to make ftruncate fail
 *
 * Try ftruncate(fd, LONG_MAX), from <limits.h>. Have you so much memory?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(4, "When does ftruncate fail?");
    char name[50];
    int r;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open");
         int read_only = shm_open(name, O_RDONLY, 0); shm_unlink(name));
    CODE(r = ftruncate(read_only, 9));
    expect("EINVAL", result(r));

    CODE(r = ftruncate(fd, -1));
    expect("EINVAL", result(r));

    CODE(int other = socket(AF_UNIX, SOCK_STREAM, 0));
    CODE(r = ftruncate(other, 9));
    expect("EINVAL", result(r));

    CODE(close(fd); r = ftruncate(fd, 9));
    expect("EBADF", result(r));

    return why(
        "The descriptor must belong to a file that is open for writing, and "
        "the length must not be negative: ftruncate(2). On other systems, a "
        "descriptor for reading may be EBADF. A lack of memory is not among "
        "the errors: question 10.");
}
