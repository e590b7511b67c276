/*
 * 11_times.c - what IPC_STAT tells: new, attached, and detached again
 *
 * Try to store into p before the second IPC_STAT. Does any field tell?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(11, "Which field of a segment changes when?");
    struct shmid_ds new, in, out;
    if (system("grep -qs 1 /proc/sys/kernel/shm_rmid_forced") == 0)
        return skip("kernel.shm_rmid_forced is set: see question 9.");

    CODE(int id = shmget(IPC_PRIVATE, 9, 0600); if (id == -1) err(1, "shmget");
         shmctl(id, IPC_STAT, &new); char *p = shmat(id, NULL, 0);
         shmctl(id, IPC_STAT, &in); shmdt(p); shmctl(id, IPC_STAT, &out);
         shmctl(id, IPC_RMID, NULL));
    CODE(int attached = (int)in.shm_nattch);
    expect("1", result(attached));

    CODE(int made = new.shm_cpid == getpid() && new.shm_ctime != 0);
    expect("1", result(made));
    CODE(int never = new.shm_lpid == 0 && new.shm_atime == 0);
    expect("1", result(never));
    CODE(int now = in.shm_lpid == getpid() && in.shm_atime != 0);
    expect("1", result(now));
    CODE(int left = in.shm_dtime == 0 && out.shm_dtime != 0);
    expect("1", result(left));
    CODE(int unchanged = out.shm_ctime == new.shm_ctime);
    expect("1", result(unchanged));

    return why(
        "shm_cpid made it. shm_lpid was the last to attach or detach it, at "
        "shm_atime or shm_dtime. 0 is never. shm_ctime is when it was made, "
        "or IPC_SET changed it: shmctl(2). No field tells that its bytes "
        "changed. All times are of the machine's clock, which may be set.");
}
