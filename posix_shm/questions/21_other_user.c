/*
 * 21_other_user.c - what may another user do with an object?
 *
 * Try mode 0666, with umask(0) before it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

static int as_another_user(const char *name)
{
    if (setuid(65534) == -1)
        return skip("this root may not become another user.");
    CODE(int fd = shm_open(name, O_RDWR, 0));
    expect("EACCES", result(fd));
    CODE(int r = shm_unlink(name));
    /* EPERM comes from musl. */
    expect(errno == EPERM ? "EPERM" : "EACCES", result(r));
    return unexpected;
}

int main(void)
{
    question(21, "May another user open my object, or remove it?");
    if (geteuid() != 0)
        return skip("only root can become another user, and try.");
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open");
         if (fork() == 0) _exit(as_another_user(name));
         const char *how = ended(); shm_unlink(name));
    expect("no signal", how);

    return why(
        "Neither. The mode 0600 lets only you open it. The sticky bit of "
        "/dev/shm protects the name, whatever the mode: unlink(2). But chmod "
        "comes too late for a process that has the object open already.");
}
