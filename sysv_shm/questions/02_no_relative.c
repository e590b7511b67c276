/*
 * 02_no_relative.c - an IPC_PRIVATE segment, and a program that is not related
 *
 * Try system("ipcs -m") before CHILD. What does it tell everyone?
 */
#define _GNU_SOURCE
#include <sys/shm.h>

#include "question.h"

/* Started anew by the child below, with nothing of ours but a number. */
static int stranger(int id)
{
    char *p = shmat(id, NULL, 0);
    if (p == (void *)-1)
        err(1, "shmat %d", id);
    snprintf(p, 20, "by a stranger");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return stranger(atoi(argv[1]));
    question(2, "Is an IPC_PRIVATE segment for relatives only?");
    char number[20];

    /* Marked at once, it goes with the last process that has it. */
    CODE(int id = shmget(IPC_PRIVATE, 20, 0600); char *p = shmat(id, NULL, 0);
         shmctl(id, IPC_RMID, NULL));
    if (p == (void *)-1)
        errx(1, "no segment (see ipcs -m and ipcs -l)");
    snprintf(number, sizeof number, "%d", id);

    CHILD(execl("/proc/self/exe", "question", number, NULL); _exit(0));
    expect("no signal", ended());
    if (p[0] == '\0')
        return skip("this machine does not start our program anew.");
    expect("by a stranger", p);

    say("the text", "says that it is for related processes.");
    return why(
        "No. Only the key is private. A process that knows the id may attach "
        "it, if the mode allows: shmop(2). And ipcs(1) shows the id to all.");
}
