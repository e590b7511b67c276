/*
 * 15_limits.c - how many segments, and how large
 *
 * Try limit("shmall", "1"), and page + 1 bytes. Which error is it?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/shm.h>

#include "question.h"

/* An IPC namespace: its limits and segments are ours, and go when we end. */
static int apart(void)
{
    unsigned user = geteuid();
    if (unshare(CLONE_NEWIPC) == 0)
        return 0;
    int r = unshare(CLONE_NEWUSER | CLONE_NEWIPC);
    dprintf(open("/proc/self/uid_map", O_WRONLY), "0 %u 1", user);
    return r;
}
static int limit(const char *name, const char *value)
{
    char path[50];
    snprintf(path, sizeof path, "/proc/sys/kernel/%s", name);
    return dprintf(open(path, O_WRONLY), "%s", value);
}

int main(void)
{
    question(15, "How many segments may there be, and how large?");
    if (apart() == -1 || limit("shmmni", "1") < 0)
        return skip("this process may not have limits of its own.");
    CODE(int r = shmget(IPC_PRIVATE, 0, 0600));
    expect("EINVAL", result(r));
    CODE(limit("shmmax", "999"); r = shmget(IPC_PRIVATE, 1000, 0600));
    expect("EINVAL", result(r));
    CODE(limit("shmmni", "1"); (void)shmget(IPC_PRIVATE, 9, 0600);
         r = shmget(IPC_PRIVATE, 9, 0600));
    expect("ENOSPC", result(r));
    return why(
        "shmmni segments, of 1 to shmmax bytes: shmget(2). `ipcs -l` shows "
        "yours. ENOSPC often means that programs have left segments behind.");
}
