/*
 * 02_read_only.c - may a file opened for reading be mapped for writing?
 *
 * Try PROT_READ alone with MAP_SHARED: is O_RDONLY enough then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(2, "Opened O_RDONLY, mapped PROT_READ | PROT_WRITE: allowed?");
    CODE(const char *path = file_with("some text"));
    char *p, text[10] = "";

    CODE(int fd = open(path, O_RDONLY));
    CODE(p = mmap(NULL, 9, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    expect("EACCES", address(p));

    CODE(p = mmap(NULL, 9, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    expect("an address", address(p));
    if (p == MAP_FAILED)
        err(1, "mmap");

    CODE(p[0] = 'S');
    expect("Some text", p);
    CODE(ssize_t n = read(fd, text, 9));
    expect("9", result(n));
    expect("some text", text);

    return why(
        "A store to a shared mapping changes the file, so the file must be "
        "open for writing too: EACCES in mmap(2). This holds even for root. A "
        "store to a private mapping changes a copy of the page, which only "
        "this process sees. The file is only read.");
}
