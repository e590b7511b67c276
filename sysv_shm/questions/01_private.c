/*
 * 01_private.c - IPC_PRIVATE, and the key 0
 *
 * Try IPC_CREAT | IPC_EXCL | 0600 for the last one. Is it EEXIST?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(1, "Is the key 0 another case than IPC_PRIVATE?");
    struct shmid_ds ds;
    signal(SIGINT, SIG_IGN); /* Ctrl-C must not leave a segment behind */

    CODE(int zero = IPC_PRIVATE);
    expect("0", result(zero));

    CODE(int a = shmget(IPC_PRIVATE, 1, 0600);
         int b = shmget(IPC_PRIVATE, 1, 0600); int c = shmget(0, 1, 0600);
         int d = shmget(0, 1, IPC_CREAT | 0600); shmctl(d, IPC_STAT, &ds);
         shmctl(a, IPC_RMID, NULL); shmctl(b, IPC_RMID, NULL);
         shmctl(c, IPC_RMID, NULL); shmctl(d, IPC_RMID, NULL));
    if (a == -1 || b == -1 || c == -1 || d == -1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");
    CODE(int all_differ = a != b && b != c && c != d);
    expect("1", result(all_differ));
    CODE(key_t key = ds.shm_perm.__key);
    expect("0", result(key));

    say("the text", "treats them as two cases. They are one.");
    return why(
        "IPC_PRIVATE is the key 0, and not a flag: shmget(2). Each call makes "
        "a new segment, with or without IPC_CREAT. It has no key by which "
        "another shmget could find it. BUGS in the man page says that IPC_NEW "
        "would have been a better name.");
}
