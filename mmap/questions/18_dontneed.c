/*
 * 18_dontneed.c - advice that throws memory away
 *
 * Try it with MADV_COLD, and with MADV_FREE for a.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "question.h"

int main(void)
{
    question(18, "Which stores are lost after madvise(MADV_DONTNEED)?");
    const int rw = PROT_READ | PROT_WRITE;
    CODE(int fd = open(file_with("old text"), O_RDWR));
    int r;

    CODE(char *a = mmap(NULL, 9, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CODE(char *p = mmap(NULL, 9, rw, MAP_PRIVATE, fd, 0));
    CODE(char *s = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    if (a == MAP_FAILED || p == MAP_FAILED || s == MAP_FAILED)
        err(1, "mmap");

    CODE(a[0] = 'x'; r = madvise(a, 9, MADV_DONTNEED));
    expect("0", result(r));
    CODE(char byte = a[0]);
    expect("0", result(byte));
    CODE(memcpy(p, "new", 3); r = madvise(p, 9, MADV_DONTNEED));
    expect("0", result(r));
    expect("old text", p);
    CODE(memcpy(s, "new", 3); r = madvise(s, 9, MADV_DONTNEED));
    expect("0", result(r));
    expect("new text", s);

    return why(
        "Those to private mappings. MADV_DONTNEED takes the pages out of the "
        "mapping at once, and the next access gets new ones: zeros in an "
        "anonymous mapping, the bytes of the file in any other. A store to a "
        "shared mapping is in the file, so it stays. Most advice changes only "
        "the speed of a program: madvise(2).");
}
