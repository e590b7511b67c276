/* 20_pss.c - how the memory of a mapping is counted */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

/* Pss of the mapping at p, in percent of a page: /proc/PID/smaps in proc(5). */
static long pss(const char *p)
{
    char line[300];
    unsigned long start = 0;
    long kB = -1;
    FILE *file = fopen("/proc/self/smaps", "r");
    if (file == NULL)
        err(1, "/proc/self/smaps");
    while (start != (unsigned long)p && fgets(line, 300, file))
        sscanf(line, "%lx-", &start);
    while (kB == -1 && fgets(line, 300, file))
        sscanf(line, "Pss: %ld kB", &kB);
    fclose(file);
    return kB * 1024 * 100 / sysconf(_SC_PAGESIZE);
}

int main(void)
{
    question(20, "How much memory does a mapping take?");
    CODE(int fd = open(file_with("some text"), O_RDWR));
    CODE(char *a = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, fd, 0));
    CODE(char *b = mmap(NULL, 9, PROT_WRITE, MAP_SHARED, fd, 0));
    if (a == MAP_FAILED || b == MAP_FAILED)
        err(1, "mmap");
    CODE(long percent = pss(a));
    expect("0", result(percent));
    CODE(a[0] = 'S'; percent = pss(a));
    expect("100", result(percent));
    CODE(b[0] = 's'; percent = pss(a));
    expect("50", result(percent));

    return why(
        "None, until a page is touched. Pss counts a page in equal parts for "
        "all mappings of it, also in other processes: proc(5). Rss, and RES "
        "in top(1), count it in full for each, so their sum is too large.");
}
