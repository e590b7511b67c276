/*
 * 08_beyond_end.c - three places after the end of a file
 *
 * Try p[page - 1] and p[2 * page - 1]: which of the three is each like?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(8, "What if we read or write after the end of the file?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    const int rw = PROT_READ | PROT_WRITE;
    CODE(int fd = open(file_with("0123456789"), O_RDWR));

    /* Three free pages, so that nothing comes after a mapping of two. */
    char *at = mmap(NULL, 3 * page, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(at, 3 * page);

    CODE(char *p = mmap(at, 2 * page, rw, MAP_SHARED, fd, 0));
    if (p != at)
        err(1, "mmap");
    CODE(char after_the_end = p[10]);
    expect("0", result(after_the_end));
    CHILD(p[10] = 'x');
    expect("no signal", ended());
    CHILD(p[page] = 'x');
    expect("SIGBUS", ended());
    CHILD(p[2 * page] = 'x');
    expect("SIGSEGV", ended());
    CODE(off_t length = lseek(fd, 0, SEEK_END));
    expect("10", result((long)length));

    return why(
        "The last page of a file is filled up with zeros. You may change "
        "them, but they never get into the file: mmap(2), NOTES. A page that "
        "is mapped, but that the file does not have, is a SIGBUS. An address "
        "where nothing is mapped is a SIGSEGV.");
}
