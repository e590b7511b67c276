/*
 * parent_child - a parent writes, its child reads                (lesson 9)
 *
 * A System V segment stays until someone removes it. This one is marked for
 * removal as soon as it is attached: it goes with the last process that has
 * it. It needs no key (IPC_PRIVATE), for fork(2) copies the attachment.
 *
 *     $ ./sysv_shm/parent_child
 *     你是我儿子吗？
 *
 * What orders the accesses: the parent writes, then posts the semaphore; the
 * child waits for it, then reads. A sem_wait(3) that returns sees all that
 * came before the sem_post(3) (POSIX XBD, "Memory Synchronization").
 *
 * What kill -9 can leave: a segment between shmget(2) and the shmctl(2) that
 * marks it. SIGKILL cannot be blocked, signal(7), and what is marked before it
 * is attached is gone. The system can close this window: proc(5) on
 * shm_rmid_forced, ipc_namespaces(7). An unnamed mapping (lesson 3) has none.
 */
#define _GNU_SOURCE /* strsignal */
#include <err.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct talk {
    sem_t written; /* 0 until the parent has written; taken by the child */
    char text[];   /* by the parent, before it posts; its length both know */
};

/* Wait for the text, but not for one that nobody will write any more: when the
   parent dies another process becomes ours, see getppid(2). */
static void wait_for(struct talk *talk, pid_t parent)
{
    struct timespec until = {0};
    for (int orphan = 0; sem_timedwait(&talk->written, &until) == -1;) {
        if (orphan && errno == ETIMEDOUT)
            errx(1, "child: the parent died before it had written");
        orphan = getppid() != parent; /* asked before the last look */
        until.tv_sec = time(NULL) + !orphan;
    }
}

int main(int argc, char **argv)
{
    static const char usage[] = "usage: parent_child [-m TEXT]\nPrint TEXT.";
    const char *text = "你是我儿子吗？";
    int option, status = -1;
    while ((option = getopt(argc, argv, "hm:")) == 'm')
        text = optarg;
    if (option != -1 || optind < argc) {
        if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
            fflush(stdout) == EOF)
            err(1, "write to stdout");
        return option == 'h' ? 0 : 2;
    }
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */
    signal(SIGCHLD, SIG_DFL); /* ignored, it takes waitpid(2) the status */

    /* 1. Create the segment, with its size. 3. Map it: attach. 6. Remove it,
       now: of all signals only SIGKILL and SIGSTOP may come in between. */
    size_t length = strlen(text), size = sizeof(struct talk) + length;
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    int segment = shmget(IPC_PRIVATE, size, 0600);
    struct talk *talk = segment == -1 ? (void *)-1 : shmat(segment, NULL, 0);
    int error = errno;
    shmctl(segment, IPC_RMID, NULL); /* attached or not */
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (talk == (void *)-1)
        errx(1, "segment of %zu bytes: %s", size, strerror(error));
    if (sem_init(&talk->written, 1, 0) == -1) /* 1: between processes */
        err(1, "sem_init");

    /* 4. Use it: one memory, two processes. */
    pid_t parent = getpid(), child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        wait_for(talk, parent);
        if (printf("%.*s\n", (int)length, talk->text) < 0 ||
            fflush(stdout) == EOF)
            err(1, "child: write to stdout");
        return 0;
    }
    fprintf(stderr, "parent_child[%d]: segment %d, %zu bytes, for child %d\n",
            parent, segment, size, child);
    memcpy(talk->text, text, length);
    if (sem_post(&talk->written) == -1)
        err(1, "sem_post");
    while (waitpid(child, &status, 0) == -1 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        errx(1, "child %d was killed: %s", child, strsignal(WTERMSIG(status)));
    if (status != 0)
        errx(1, "child %d failed", child);

    /* 5. Unmap it: detach. The last to do so removes it, by step 6. */
    if (shmdt(talk) == -1)
        err(1, "shmdt");
    return 0;
}
