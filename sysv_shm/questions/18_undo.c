/*
 * 18_undo.c - what a killed process has raised, with and without SEM_UNDO
 *
 * Try exit(0) in place of raise(SIGKILL). Does a normal end undo it, too?
 */
#define _GNU_SOURCE
#include <sys/sem.h>

#include "question.h"

static int up_and_die(int set)
{
    struct sembuf up[] = {{0, 1, SEM_UNDO}, {1, 1, 0}};
    semop(set, up, 2);
    expect("1", result(semctl(set, 0, GETVAL)));
    expect("1", result(semctl(set, 1, GETVAL)));
    return raise(SIGKILL);
}

int main(void)
{
    question(18, "Who gives back what a killed process has raised?");
    int status;
    signal(SIGINT, SIG_IGN); /* Ctrl-C must not leave a set behind */

    CODE(int set = semget(IPC_PRIVATE, 2, 0600);
         if (set == -1) err(1, "semget"); pid_t child = fork();
         if (child == 0) _exit(up_and_die(set));
         pid_t waited = waitpid(child, &status, 0);
         int with_undo = semctl(set, 0, GETVAL);
         int without = semctl(set, 1, GETVAL); semctl(set, 0, IPC_RMID));
    if (waited == -1)
        err(1, "fork");
    expect("9", result(WTERMSIG(status)));
    expect("0", result(with_undo));
    expect("1", result(without));

    return why(
        "The kernel, if SEM_UNDO was given: it adds up what a process has "
        "raised, and takes it back when the process ends, however it ends: "
        "semop(2). Without SEM_UNDO the semaphore stays as it is, and a "
        "process that waits until it is 0 waits forever. POSIX semaphores "
        "have no such flag: question 19 of chapter 2.");
}
