/* 12_mapped_twice.c - two mappings of one page of a file */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

/* The number of the page frame that p is in: /proc/PID/pagemap in proc(5). */
static unsigned long long frame(const char *p)
{
    unsigned long long entry = 0;
    unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    int fd = open("/proc/self/pagemap", O_RDONLY);
    if (pread(fd, &entry, 8, (off_t)((size_t)p / page * 8)) != 8)
        return 0;
    return entry << 9 >> 9; /* without the flags */
}

int main(void)
{
    question(12, "One file mapped twice: two memories?");
    const int rw = PROT_READ | PROT_WRITE;
    CODE(int fd = open(file_with("some text"), O_RDWR));

    CODE(char *a = mmap(NULL, 9, rw, MAP_SHARED, fd, 0));
    CODE(char *b = mmap(NULL, 9, PROT_READ, MAP_SHARED, fd, 0));
    if (a == MAP_FAILED || b == MAP_FAILED)
        err(1, "mmap");
    CODE(int same = a == b);
    expect("0", result(same));
    CODE(a[0] = 'S'; int differ = memcmp(a, b, 9));
    expect("0", result(differ));
    if (frame(a) == 0)
        say("skipped:", "only root may see the numbers of page frames.");
    else {
        CODE(same = frame(a) == frame(b));
        expect("1", result(same));
    }

    return why(
        "There are two addresses, but only one page of memory. Both mappings "
        "lead to it, and so does every mapping of the file in other "
        "processes. Question 20 shows how such a page is counted.");
}
