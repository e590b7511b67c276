/*
 * 06_new_file.c - a file that was just created, and has no bytes yet
 *
 * Try file_with("x") in place of file_with(""): one byte is enough.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(6, "Can a file just made with O_CREAT be mapped?");
    CODE(const char *path = file_with(""));

    CODE(int fd = open(path, O_RDWR | O_CREAT, 0600));
    CODE(char *p = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, fd, 0));
    expect("an address", address(p));

    CHILD(p[0] = 'x');
    expect("SIGBUS", ended());

    CODE(int r = ftruncate(fd, 9));
    expect("0", result(r));
    CHILD(p[0] = 'x');
    expect("no signal", ended());

    return why(
        "Yes, and that is the trap: mmap succeeds. But the new file is empty, "
        "so it has no page that p[0] could be in, and the first access is a "
        "SIGBUS: mmap(2). Give the file its length before you use the "
        "mapping, with ftruncate(2), or better with posix_fallocate(3). "
        "Question 17 shows why it is better.");
}
