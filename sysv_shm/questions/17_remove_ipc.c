/*
 * 17_remove_ipc.c - a segment and a set that somebody else removes
 *
 * Try system("ipcs -m -s") before return. Which of the two is still there?
 */
#define _GNU_SOURCE
#include <sys/sem.h>
#include <sys/shm.h>

#include "question.h"

int main(void)
{
    question(17, "Does a segment always live until a reboot?");
    struct sembuf up = {0, 1, 0};
    char command[60];
    signal(SIGINT, SIG_IGN); /* Ctrl-C must not leave them behind */

    CODE(int id = shmget(IPC_PRIVATE, 20, 0600); char *p = shmat(id, NULL, 0);
         int set = semget(IPC_PRIVATE, 1, 0600);
         snprintf(command, 60, "exec ipcrm -m %d -s %d", id, set);
         int r = system(command));
    shmctl(id, IPC_RMID, NULL); /* if there is no ipcrm(1) */
    semctl(set, 0, IPC_RMID);
    if (p == (void *)-1 || set == -1)
        errx(1, "no segment or no set (see ipcs and ipcs -l)");
    expect("0", result(r));
    CODE(r = semop(set, &up, 1));
    expect("EINVAL", result(r));
    CODE(snprintf(p, 20, "still here"));
    expect("still here", p);
    if (system("grep -rhs ^RemoveIPC= /etc/systemd/logind.conf*") != 0)
        say("RemoveIPC", "is not set on this machine. The default is yes.");

    return why(
        "No. Every process of the same user may remove it, as ipcrm(1) did. "
        "systemd's logind does it when you have logged out from your last "
        "session: RemoveIPC in logind.conf(5). It spares root and other "
        "system users. A set or a queue is gone at once, a segment when it is "
        "no longer attached.");
}
