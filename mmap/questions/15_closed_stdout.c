/*
 * 15_closed_stdout.c - a file that is opened while stdout is closed
 *
 * Try it with close(0) in place of close(1).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(15, "If stdout is closed, where does printf write?");
    CODE(const char *path = file_with("precious data"));
    int saved = dup(1);

    CODE(close(1); int fd = open(path, O_RDWR);
         char *p = mmap(NULL, 13, PROT_READ, MAP_SHARED, fd, 0);
         printf("hello"); fflush(stdout));
    dup2(saved, 1);
    if (p == MAP_FAILED)
        err(1, "mmap");

    expect("1", result(fd));
    expect("helloous data", p);

    return why(
        "open(2) returns the lowest number that is not in use, and that was "
        "1. printf(3) writes to descriptor 1, no matter what it is, so it has "
        "overwritten the file and the memory mapped from it. A shell closes "
        "stdout with `>&-`. A program that writes to files can check at its "
        "start that fcntl(1, F_GETFD) is not -1.");
}
