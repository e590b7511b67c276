/*
 * 05_create.c - shmget with a key that a segment has already
 *
 * Try the size 0 with create. Why must a new segment have a size?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(5, "What does shmget do if there is a segment already?");
    const int create = IPC_CREAT | IPC_EXCL | 0600;
    /* No other experiment has this key now: the process id is in it. If some
       other program has it, IPC_EXCL refuses it, and we touch nothing. */
    const key_t key = 0x71000000 + getpid();

    CODE(int none = shmget(key, 1000, 0600));
    expect("ENOENT", result(none));

    CODE(int id = shmget(key, 1000, create); if (id == -1) err(1, "shmget");
         int a = shmget(key, 1000, IPC_CREAT | 0600);
         int b = shmget(key, 1000, IPC_EXCL | 0600);
         int refused = shmget(key, 1000, create); shmctl(id, IPC_RMID, NULL));
    expect("EEXIST", result(refused));
    CODE(int all_same = a == id && b == id);
    expect("1", result(all_same));

    CODE(id = shmget(key, 1000, create); if (id == -1) err(1, "shmget");
         a = shmget(key, 1, 0); b = shmget(key, 0, 0);
         refused = shmget(key, 1001, 0); shmctl(id, IPC_RMID, NULL));
    expect("EINVAL", result(refused));
    CODE(all_same = a == id && b == id);
    expect("1", result(all_same));

    say("the text", "lets IPC_EXCL make a segment. Alone it does nothing.");
    return why(
        "IPC_CREAT makes one only if there is none. With IPC_EXCL, too, you "
        "get a new one or EEXIST: shmget(2). A segment keeps its size: ask "
        "for less, or for 0, and you get all of it. More is EINVAL.");
}
