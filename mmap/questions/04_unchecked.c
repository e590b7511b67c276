/*
 * 04_unchecked.c - what if the return value of mmap is not checked?
 *
 * Try it with O_RDWR: mmap succeeds, and so does the store.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "question.h"

int main(void)
{
    question(4, "What happens when the return value of mmap is not checked?");
    CODE(const char *path = file_with("some text"));
    const int rw = PROT_READ | PROT_WRITE;

    CODE(int fd = open(path, O_RDONLY));
    CODE(char *p = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    expect("EACCES", address(p));

    CHILD(p[0] = 'x');
    expect("SIGSEGV", ended());

    CODE(int is_null = p == NULL);
    expect("0", result(is_null));
    CODE(int is_failed = p == MAP_FAILED);
    expect("1", result(is_failed));

    return why(
        "If mmap(2) fails, it returns MAP_FAILED, which is (void *)-1. A test "
        "for NULL does not notice that. A program without the right test dies "
        "at its first access to p. That may be far away in the code, and by "
        "then errno no longer tells why mmap failed.");
}
