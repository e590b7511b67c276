/*
 * 12_mode.c - a segment whose mode is changed while it is attached
 *
 * Try the mode 0. May its owner still use IPC_STAT? And IPC_SET?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

static int as_a_user(void)
{
    struct shmid_ds ds;
    if (geteuid() == 0 && setuid(65534) == -1)
        return skip("for root no mode counts, and this root stays root.");

    CODE(int id = shmget(IPC_PRIVATE, 1, 0600); char *p = shmat(id, NULL, 0);
         shmctl(id, IPC_STAT, &ds); shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");
    CODE(ds.shm_perm.mode = 0400; int r = shmctl(id, IPC_SET, &ds));
    if (r == -1 && errno == EINVAL)
        return skip("our user or group has no number in this namespace.");
    expect("0", result(r));
    CODE(char *q = shmat(id, NULL, 0));
    expect("EACCES", address(q));
    CODE(q = shmat(id, NULL, SHM_RDONLY));
    expect("an address", address(q));
    CODE(p[0] = 'x');
    expect("x", q);
    return unexpected;
}

int main(void)
{
    question(12, "Whom does a new mode stop?");
    if (fork() == 0)
        _exit(as_a_user());
    ended();
    return why(
        "Processes that attach it from now on, not those that have it already: "
        "shmat checks the mode, an access does not. IPC_SET changes the "
        "owner, the group and 9 bits of the mode, and nothing else: shmctl(2). "
        "For root the mode does not count: capabilities(7), CAP_IPC_OWNER.");
}
