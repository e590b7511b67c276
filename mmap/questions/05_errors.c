/*
 * 05_errors.c - six ways to make mmap fail
 *
 * There are more. Try to get EEXIST, with MAP_FIXED_NOREPLACE.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(5, "When does mmap fail?");
    CODE(const char *path = file_with("some text"));
    int fd = open(path, O_RDWR);
    int write_only = open(path, O_WRONLY);
    int folder = open("/", O_RDONLY);
    void *p;

    CODE(p = mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0));
    expect("EINVAL", address(p));
    CODE(p = mmap(NULL, 9, PROT_READ, 0, fd, 0));
    expect("EINVAL", address(p));
    CODE(p = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, write_only, 0));
    expect("EACCES", address(p));
    CODE(p = mmap(NULL, 9, PROT_READ, MAP_SHARED, folder, 0));
    expect("ENODEV", address(p));

    CODE(p = mmap(NULL, SIZE_MAX, PROT_READ, MAP_SHARED, fd, 0));
    /* Under valgrind, which answers in place of Linux, it is EINVAL. */
    expect(errno == EINVAL ? "EINVAL" : "ENOMEM", address(p));

    CODE(close(fd); p = mmap(NULL, 9, PROT_READ, MAP_SHARED, fd, 0));
    expect("EBADF", address(p));

    return why(
        "A length of 0, and flags without MAP_SHARED or MAP_PRIVATE, are "
        "EINVAL. The file must be open for reading, even if you only want to "
        "write: EACCES. A folder cannot be mapped. SIZE_MAX is more than a "
        "process has addresses for. mmap(2) lists more.");
}
