/*
 * 10_full.c - an object that is larger than what /dev/shm has left
 *
 * Try nr_blocks=2: then both stores succeed. Does posix_fallocate, too?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "question.h"

/* A /dev/shm of one page, which only this process sees: namespaces(7). */
static int small_dev_shm(void)
{
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
        return -1;
    dprintf(open("/proc/self/setgroups", O_WRONLY), "deny");
    dprintf(open("/proc/self/uid_map", O_WRONLY), "0 %u 1", user);
    dprintf(open("/proc/self/gid_map", O_WRONLY), "0 %u 1", group);
    int r = mount("tmpfs", "/dev/shm", "tmpfs", 0, "nr_blocks=1");
    return geteuid() == 0 ? r : -1;
}

int main(void)
{
    question(10, "If ftruncate returns 0, is there memory?");
    if (small_dev_shm() == -1)
        return skip("this process may not mount a small tmpfs.");
    CODE(int fd = shm_open("/question", O_RDWR | O_CREAT | O_EXCL, 0600));
    CODE(int r = ftruncate(fd, 100000));
    expect("0", result(r));
    CODE(char *p = mmap(NULL, 100000, PROT_WRITE, MAP_SHARED, fd, 0));
    CHILD(p[0] = 'x'; p[99999] = 'x');
    expect("SIGBUS", ended());
    CODE(errno = posix_fallocate(fd, 0, 100000));
    expect("ENOSPC", result(-1));
    return why(
        "This /dev/shm has one page. ftruncate(2) takes none, a store takes "
        "one, and cannot return an error. posix_fallocate(3) takes all now, "
        "or says ENOSPC. In a container, /dev/shm may have only 64 MiB.");
}
