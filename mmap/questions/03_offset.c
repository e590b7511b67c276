/*
 * 03_offset.c - may the offset of a mapping be 1000?
 *
 * Try page / 2, or 100 * page, which is far after the end of the file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(3, "May the offset be 1000?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    CODE(int fd = open(file_with("some text"), O_RDONLY));
    char *p;

    CODE(p = mmap(NULL, 10, PROT_READ, MAP_SHARED, fd, 1000));
    expect("EINVAL", address(p));

    CODE(p = mmap(NULL, 10, PROT_READ, MAP_SHARED, fd, page));
    expect("an address", address(p));

    return why(
        "The kernel maps whole pages, so a mapping starts where a page of the "
        "file starts. The offset must be a multiple of the page size, which "
        "sysconf(_SC_PAGESIZE) returns: mmap(2). To get at byte 1000, map "
        "from offset 0 and use p[1000].");
}
