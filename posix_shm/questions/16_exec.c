/*
 * 16_exec.c - an object after fork, and after exec
 *
 * Try memfd_create("memory", MFD_CLOEXEC).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(16, "What is left of an object after fork and exec?");
    char name[50];
    int r;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd == -1 || shm_unlink(name) == -1)
        err(1, "shm_open");
    CODE(char *p = mmap(NULL, 9, PROT_READ, MAP_SHARED, fd, 0));
    CHILD(dprintf(fd, "by fork"); expect("by fork", p));
    expect("no signal", ended());

    /* system(3) runs a shell, whose $PPID is this process. */
    CODE(r = system("grep -q shm/question /proc/$PPID/maps") == 0);
    expect("1", result(r));
    CODE(r = system("grep -q shm/question /proc/self/maps") == 0);
    expect("0", result(r));
    CODE(r = system("ls -l /proc/self/fd | grep -q shm/question") == 0);
    expect("0", result(r));

    CODE(int memory = memfd_create("memory", 0));
    if (memory == -1)
        return skip("memfd_create(2) does not work here.");
    CODE(r = system("ls -l /proc/self/fd | grep -q memfd:memory") == 0);
    expect("1", result(r));
    return why(
        "The child has both mapping and descriptor. execve(2) removes all "
        "mappings, and closes the descriptors that have FD_CLOEXEC. "
        "shm_open(3) always sets it, memfd_create(2) if you give MFD_CLOEXEC.");
}
