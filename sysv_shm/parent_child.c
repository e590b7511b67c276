/*
 * parent_child - a parent writes, its child reads                (lesson 3.2)
 *
 * A System V segment stays until someone removes it. This one is marked for
 * removal as soon as it is attached: it goes with the last process that has it.
 * It needs no key, IPC_PRIVATE, because fork(2) copies the attachment. A death
 * between shmget(2) and shmctl(2) leaves it, unless the system has
 * shm_rmid_forced, proc(5). An anonymous mmap(2) leaves nothing: lesson 1.3.
 *
 *     $ ./sysv_shm/parent_child
 *     你是我儿子吗？
 */
#define _GNU_SOURCE
#include <err.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct talk {
    sem_t written; /* 1 when the parent has written the text */
    char text[];
};

int main(int argc, char **argv)
{
    const char *text = "你是我儿子吗？";
    for (int o; (o = getopt(argc, argv, "m:")) != -1 || optind < argc;
         text = optarg)
        if (o != 'm')
            errx(2, "usage: parent_child [-m TEXT]");

    /* 1. Create the segment, attach it, and mark it for removal. */
    size_t length = strlen(text), size = sizeof(struct talk) + length;
    int segment = shmget(IPC_PRIVATE, size, 0600);
    if (segment == -1)
        err(1, "shmget, %zu bytes", size);
    struct talk *talk = shmat(segment, NULL, 0);
    if (shmctl(segment, IPC_RMID, NULL) == -1 || talk == (void *)-1 ||
        sem_init(&talk->written, 1, 0) == -1)
        err(1, "attach segment %d", segment);

    /* 2. The child: die with the parent, wait until it has written, read. */
    signal(SIGCHLD, SIG_DFL); /* if ignored, waitpid(2) returns no status */
    pid_t parent = getpid(), child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
            errx(1, "child: the parent is gone");
        if (sem_wait(&talk->written) == -1)
            err(1, "child: sem_wait");
        if (printf("%.*s\n", (int)length, talk->text) < 0 || fflush(stdout))
            err(1, "child: cannot print the text");
        return 0;
    }

    /* 3. The parent: write, say so, wait until the child has ended. */
    int status;
    memcpy(talk->text, text, length);
    if (sem_post(&talk->written) == -1 || waitpid(child, &status, 0) == -1)
        err(1, "wake the child %d and wait for it", child);
    if (WIFSIGNALED(status))
        errx(1, "the child %d died: %s", child, strsignal(WTERMSIG(status)));
    return WEXITSTATUS(status);
}
