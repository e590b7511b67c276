/*
 * questions_process.h - the other process of an experiment: a child that waits
 * for us and we for it, or a program begun anew
 */
#ifndef QUESTIONS_PROCESS_H
#define QUESTIONS_PROCESS_H

#include <sys/socket.h>

/* child(), with a line between the two: what one says, the other hears. */
static pid_t child_at(int *end)
{
    int line[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == -1)
        err(1, "socketpair");
    pid_t pid = child();
    *end = line[pid == 0];
    close(line[pid != 0]);
    return pid;
}
static void say(int end)
{
    if (write(end, "", 1) != 1)
        err(1, "write to the other process");
}
static void hear(int end)
{
    char c;
    if (read(end, &c, 1) != 1)
        errx(1, "the other process is gone");
}

/* In a child: begin this program anew. It has nothing of ours but the id, on
   its command line, and main takes it to stranger(). */
static void begin_anew(int id)
{
    char number[20];
    snprintf(number, sizeof number, "%d", id);
    execl("/proc/self/exe", "questions", "stranger", number, (char *)NULL);
    _exit(127);
}
static int stranger(const char *number)
{
    int id = atoi(number);
    if (status(id).shm_cpid != getppid())
        errx(2, "segment %d was not made for me", id);
    unsigned long found = attachments(id, 1);
    char *p = shmat(id, NULL, 0);
    if (p == (void *)-1)
        return 3;
    snprintf(p, page, "shm_nattch was %lu", found);
    return 0;
}

/* How the stranger ended: did it attach the segment? */
static const char *attached(pid_t pid)
{
    const char *how = ended(pid);
    if (strcmp(how, "0") == 0)
        return "yes";
    if (strcmp(how, "3") != 0) /* an emulator, or no /proc */
        skip("this machine does not begin our program anew");
    return "no";
}

#endif
