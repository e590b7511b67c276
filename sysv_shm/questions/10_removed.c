/*
 * 10_removed.c - a segment that is removed while it is attached
 *
 * Try IPC_RMID twice. Is the second one an error?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(10, "What does IPC_RMID do to a segment that is attached?");
    const int create = IPC_CREAT | IPC_EXCL | 0600;
    const key_t key = 0x71000000 + getpid(); /* see 05_create.c */
    struct shmid_ds ds;

    CODE(int id = shmget(key, 1, create); if (id == -1) err(1, "shmget");
         char *p = shmat(id, NULL, 0); int r = shmctl(id, IPC_RMID, NULL));
    expect("0", result(r));
    if (p == (void *)-1)
        err(1, "shmat");
    CHILD(p[0] = 'x');
    expect("no signal", ended());
    expect("x", p);

    CODE(shmctl(id, IPC_STAT, &ds);
         int marked = (ds.shm_perm.mode & SHM_DEST) != 0);
    expect("1", result(marked));
    CODE(int found = shmget(key, 0, 0));
    expect("ENOENT", result(found));
    CODE(int new = shmget(key, 1, create); shmctl(new, IPC_RMID, NULL));
    CODE(int another = new != -1 && new != id);
    expect("1", result(another));
    CODE(char *q = shmat(id, NULL, 0));
    expect("an address", address(q));

    return why(
        "It takes the key away and marks the segment, which goes with its "
        "last attachment: shmctl(2). A process that has it notices nothing, "
        "and a new segment may get the key. On Linux the id can still be "
        "attached. POSIX does not promise that: shmop(2), NOTES.");
}
