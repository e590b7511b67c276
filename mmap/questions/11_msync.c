/*
 * 11_msync.c - must a change be synchronised before others see it?
 *
 * Try it with MAP_PRIVATE for p.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(11, "Does another process see the change only after msync?");
    CODE(int fd = open(file_with("some text"), O_RDWR));
    char text[10] = "";

    CODE(char *p = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, fd, 0));
    CODE(char *q = mmap(NULL, 9, PROT_READ, MAP_SHARED, fd, 0));
    if (p == MAP_FAILED || q == MAP_FAILED)
        err(1, "mmap");

    CODE(memcpy(p, "SOME", 4));
    CHILD(expect("SOME text", q));
    ended();
    CODE(ssize_t n = read(fd, text, 9));
    expect("9", result(n));
    expect("SOME text", text);

    CODE(int r = msync(p, 9, MS_SYNC));
    expect("0", result(r));

    return why(
        "No. A shared mapping is the page cache itself: the pages that every "
        "other mapping of the file shows, and that read(2) copies from. "
        "msync(2) is for the disk. When it has returned, the change survives "
        "a power cut.");
}
