/*
 * 14_outlives.c - a segment whose maker has ended
 *
 * Try raise(SIGKILL) at the end of make. Is the text lost?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

static int make(key_t key)
{
    int id = shmget(key, 20, IPC_CREAT | IPC_EXCL | 0600);
    char *p = shmat(id, NULL, 0);
    if (p == (void *)-1)
        shmctl(id, IPC_RMID, NULL); /* nothing may be left */
    else
        snprintf(p, 20, "from a child");
    return shmdt(p) == -1;
}

int main(void)
{
    question(14, "Does a segment outlive the process that made it?");
    const key_t key = 0x71000000 + getpid(); /* see 05_create.c */
    struct shmid_ds ds;
    signal(SIGINT, SIG_IGN); /* Ctrl-C must not leave a segment behind */
    if (system("grep -qs 1 /proc/sys/kernel/shm_rmid_forced") == 0)
        return skip("kernel.shm_rmid_forced is set: see question 9.");

    CODE(if (fork() == 0) _exit(make(key)); const char *how = ended();
         if (unexpected) errx(1, "no segment"); int id = shmget(key, 0, 0);
         shmctl(id, IPC_STAT, &ds); char *p = shmat(id, NULL, SHM_RDONLY);
         shmctl(id, IPC_RMID, NULL));
    expect("no signal", how);
    expect("from a child", p);
    CODE(int attached = (int)ds.shm_nattch);
    expect("0", result(attached));

    return why(
        "Yes, until IPC_RMID, or until the machine is shut down: sysvipc(7). "
        "So what a crash leaves takes up memory until someone removes it. "
        "`ipcs -m` shows it, ipcrm(1) removes it. With kernel.shm_rmid_forced "
        "set to 1 it would be gone by now: proc(5). See question 17, too.");
}
