/*
 * 13_fork_exec.c - what is attached, after fork and after exec
 *
 * Try shmdt(p) in the child. Does the parent still have p?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

/* Programs like ps(1) may keep the memory of a dead process for a moment. */
static int attachments(int id, unsigned expected)
{
    struct shmid_ds ds = {0};
    for (int i = 0; i < 1000; i++)
        if (shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_nattch != expected)
            usleep(1000);
    return (int)ds.shm_nattch;
}

int main(void)
{
    question(13, "What do fork and exec do to what is attached?");
    int r;
    CODE(int id = shmget(IPC_PRIVATE, 10, 0600); char *p = shmat(id, NULL, 0);
         shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");

    CHILD(snprintf(p, 10, "by fork"); expect("2", result(attachments(id, 2)));
          raise(SIGKILL));
    expect("SIGKILL", ended());
    expect("by fork", p);
    CODE(r = attachments(id, 1));
    expect("1", result(r));

    /* system(3) runs a shell, whose $PPID is this process. */
    CODE(r = system("grep -q SYSV /proc/$PPID/maps") == 0);
    expect("1", result(r));
    CODE(r = system("grep -q SYSV /proc/self/maps") == 0);
    expect("0", result(r));
    return why(
        "fork(2) attaches it for the child, at the same address. execve(2) "
        "and the end of a process, even a crash, detach it: shmop(2), NOTES.");
}
