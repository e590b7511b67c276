/* 17_full_disk.c - a store into a hole of a file, when the disk is full */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "question.h"

/* Put a disk of one page over /mnt, which nobody else sees: namespaces(7). */
static int small_disk(void)
{
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
        return -1;
    dprintf(open("/proc/self/setgroups", O_WRONLY), "deny");
    dprintf(open("/proc/self/uid_map", O_WRONLY), "0 %u 1", user);
    dprintf(open("/proc/self/gid_map", O_WRONLY), "0 %u 1", group);
    CODE(int r = mount("tmpfs", "/mnt", "tmpfs", 0, "nr_blocks=1"));
    return r;
}

int main(void)
{
    question(17, "What does a store into a hole do when the disk is full?");
    const unsigned page = (unsigned)sysconf(_SC_PAGESIZE);
    if (small_disk() == -1)
        return skip("this process may not mount a small tmpfs.");

    CODE(int fd = open("/mnt/holes", O_RDWR | O_CREAT, 0600));
    CODE(int r = ftruncate(fd, 2 * page));
    expect("0", result(r));
    CODE(char *p = mmap(NULL, 2 * page, PROT_WRITE, MAP_SHARED, fd, 0));
    CHILD(p[0] = 'x');
    expect("no signal", ended());
    CHILD(p[page] = 'x');
    expect("SIGBUS", ended());
    CODE(errno = posix_fallocate(fd, 0, 2 * page));
    expect("ENOSPC", result(-1));
    return why(
        "ftruncate(2) sets a length and takes no space. If the disk has no "
        "page left, a store cannot return an error: it is a SIGBUS. "
        "posix_fallocate(3) takes the space in advance, or says ENOSPC.");
}
