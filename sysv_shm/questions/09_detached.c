/*
 * 09_detached.c - a segment that nobody has attached
 *
 * Try it without the first shmdt(p). What is the count then?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(9, "Does shmdt remove the segment when nobody is left?");
    struct shmid_ds ds;
    int r;
    if (system("grep -qs 1 /proc/sys/kernel/shm_rmid_forced") == 0)
        return skip("kernel.shm_rmid_forced is set, and removes it: proc(5).");

    CODE(int id = shmget(IPC_PRIVATE, 20, 0600); char *p = shmat(id, NULL, 0);
         if (p != (void *)-1) snprintf(p, 20, "still here"); shmdt(p);
         shmctl(id, IPC_STAT, &ds); p = shmat(id, NULL, 0);
         shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");
    CODE(int attached = (int)ds.shm_nattch);
    expect("0", result(attached));
    expect("still here", p);

    /* It was marked while p had it attached. Now shmdt does remove it. */
    CODE(r = shmdt(p + 1));
    expect("EINVAL", result(r));
    CODE(r = shmdt(p));
    expect("0", result(r));
    CHILD(p[0] = 'x');
    expect("SIGSEGV", ended());
    CODE(r = shmctl(id, IPC_STAT, &ds));
    expect("EINVAL", result(r));

    say("the text", "says that the kernel removes it when the count is 0.");
    return why(
        "No. At 0 it goes only if IPC_RMID has marked it: shmop(2). Without "
        "that it keeps its memory and its bytes, although no process has it. "
        "`ipcs -m` shows such segments: nattch is 0.");
}
