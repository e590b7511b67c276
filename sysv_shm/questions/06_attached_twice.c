/*
 * 06_attached_twice.c - one segment at two addresses
 *
 * Try shmdt(a) twice. Does the second one detach b?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(6, "If it is attached twice, are there two memories?");
    struct shmid_ds ds;

    CODE(int id = shmget(IPC_PRIVATE, 10, 0600); char *a = shmat(id, NULL, 0);
         char *b = shmat(id, NULL, 0); shmctl(id, IPC_RMID, NULL));
    if (a == (void *)-1 || b == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");

    CODE(int same = a == b);
    expect("0", result(same));
    CODE(snprintf(a, 10, "hello"));
    expect("hello", b);

    CODE(shmctl(id, IPC_STAT, &ds); int attached = (int)ds.shm_nattch);
    expect("2", result(attached));
    CODE(int r = shmdt(a));
    expect("0", result(r));
    expect("hello", b);

    return why(
        "Two addresses, one memory. shm_nattch counts attachments, not "
        "processes, and shmdt(2) ends one of them. Two processes may have the "
        "segment at two addresses, too. So never store a pointer in it: store "
        "how far it is from the start.");
}
