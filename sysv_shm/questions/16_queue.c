/*
 * 16_queue.c - a message queue, the sibling of shared memory
 *
 * Try msgrcv with 3 in place of 20. What does MSG_NOERROR change?
 */
#define _GNU_SOURCE
#include <sys/msg.h>

#include "question.h"

struct message {
    long type; /* above 0: a reader may wait for one type only */
    char text[20];
};

static int reader(int q)
{
    struct message m = {0, ""};
    ssize_t n = msgrcv(q, &m, 20, 0, 0); /* waits until there is one */
    expect("6", result(n));
    expect("hello", m.text);
    return unexpected;
}

int main(void)
{
    question(16, "How does a message queue differ from shared memory?");
    struct message m = {1, "hello"};
    int status, r;
    signal(SIGINT, SIG_IGN); /* Ctrl-C must not leave a queue behind */

    CODE(int q = msgget(IPC_PRIVATE, 0600); if (q == -1) err(1, "msgget");
         pid_t child = fork(); if (child == 0) _exit(reader(q));
         msgsnd(q, &m, 6, 0); snprintf(m.text, 6, "later"); msgsnd(q, &m, 6, 0);
         pid_t waited = waitpid(child, &status, 0); msgctl(q, IPC_RMID, NULL));
    CODE(int done = waited == child && status == 0);
    expect("1", result(done));
    CODE(r = msgsnd(q, &m, 6, 0));
    expect("EINVAL", result(r));
    return why(
        "The kernel copies each message in and out again: msgop(2). So you get "
        "it whole, as it was when it was sent, and msgrcv waits by itself. "
        "Shared memory needs no copy, but a semaphore. A queue outlives its "
        "maker, too. IPC_RMID removes it at once, even if a process waits.");
}
