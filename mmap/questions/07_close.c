/*
 * 07_close.c - does a mapping outlive the descriptor it was made with?
 *
 * Try it with MAP_PRIVATE: what is in the file then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(7, "Does the mapping live on when the descriptor is closed?");
    CODE(const char *path = file_with("some text"));
    const int rw = PROT_READ | PROT_WRITE;
    char text[10] = "";

    CODE(int fd = open(path, O_RDWR));
    CODE(char *p = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    if (p == MAP_FAILED)
        err(1, "mmap");
    CODE(int r = close(fd));
    expect("0", result(r));

    CODE(p[0] = 'S');
    expect("Some text", p);
    CODE(int again = open(path, O_RDONLY));
    CODE(ssize_t n = read(again, text, 9));
    expect("9", result(n));
    expect("Some text", text);

    return why(
        "Yes. The mapping refers to the file itself and not to the "
        "descriptor, so you may close the descriptor as soon as mmap(2) has "
        "returned. The file stays until its last name, its last descriptor "
        "and its last mapping are gone.");
}
