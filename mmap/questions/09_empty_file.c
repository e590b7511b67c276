/*
 * 09_empty_file.c - a mapping as long as its file, which is empty
 *
 * Try it with file_with("x").
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(9, "Can an empty file be mapped at its own length?");
    CODE(int fd = open(file_with(""), O_RDWR));
    void *p;

    CODE(size_t length = (size_t)lseek(fd, 0, SEEK_END));
    expect("0", result((long)length));
    CODE(p = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, 0));
    expect("EINVAL", address(p));

    CODE(p = mmap(NULL, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    expect("an address", address(p));

    return why(
        "No. A mapping has at least one byte: EINVAL in mmap(2), since Linux "
        "2.6.12. This is why the file that the text's parent and child share "
        "must not be empty. They could do without a file: MAP_ANONYMOUS is "
        "memory that belongs to none.");
}
