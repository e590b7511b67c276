/* 16_size_limit.c - the limit for the size of files, ulimit -f in a shell */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "question.h"

static void limit(rlim_t bytes)
{
    struct rlimit l;
    getrlimit(RLIMIT_FSIZE, &l);
    l.rlim_cur = bytes < l.rlim_max ? bytes : l.rlim_max;
    setrlimit(RLIMIT_FSIZE, &l);
}

int main(void)
{
    question(16, "Does RLIMIT_FSIZE stop a store to a mapping?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    CODE(int fd = open(file_with(""), O_RDWR));
    long r;

    CODE(r = ftruncate(fd, 2 * page));
    CODE(char *p = mmap(NULL, 2 * page, PROT_WRITE, MAP_SHARED, fd, 0));
    CHILD(limit(page); p[page] = 'x');
    expect("no signal", ended());
    CHILD(limit(page); r = ftruncate(fd, 3 * page));
    expect("SIGXFSZ", ended());
    CHILD(limit(page); r = pwrite(fd, "x", 1, page));
    expect("SIGXFSZ", ended());

    CODE(limit(page); signal(SIGXFSZ, SIG_IGN); r = ftruncate(fd, 3 * page));
    limit(RLIM_INFINITY);
    expect("EFBIG", result(r));

    return why(
        "No. A store cannot make a file longer, and setrlimit(2) limits the "
        "calls that can. They raise SIGXFSZ, which kills the process. Linux "
        "does the same to a write(2) that starts at the limit or after it, "
        "even inside the file. If SIGXFSZ is ignored, the call fails with "
        "EFBIG.");
}
