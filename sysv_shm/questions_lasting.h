/*
 * questions_lasting.h - experiments 13 to 15: how long it lasts, how much there
 * may be
 */
#ifndef QUESTIONS_LASTING_H
#define QUESTIONS_LASTING_H

#include <limits.h>

static void fork_and_exec(void)
{
    int id = segment(IPC_PRIVATE, page), end;
    char *p = attach(id);
    strcpy(p, "hello");
    saw("a child's p[0] = 'x': %s", touch(p, 0, true));
    saw("the parent has: %s", p);
    saw("the child has ended, shm_nattch: %lu", attachments(id, 1));
    saw("nobody called shmdt, but shm_dtime: %s", when(status(id).shm_dtime));
    pid_t pid = child_at(&end);
    if (pid == 0) {
        hear(end);
        begin_anew(id);
    }
    saw("after fork, shm_nattch: %lu", attachments(id, 2));
    say(end);
    saw("after exec, it attached again: %s", attached(pid));
    saw("and wrote there: %s", p);
    close(end);
    shmdt(p);
    clear();
}

static void outlives(void)
{
    if (forced())
        return;
    int end, id;
    begin();
    pid_t pid = child_at(&end);
    if (pid == 0) {
        id = segment(IPC_PRIVATE, page);
        strcpy(attach(id), "hello from the dead");
        _exit(write(end, &id, sizeof id) != sizeof id);
    }
    if (read(end, &id, sizeof id) != sizeof id)
        errx(1, "the child has made no segment");
    keep(id);
    saw("its creator has ended: %s", ended(pid));
    saw("shm_nattch: %lu", attachments(id, 0));
    saw("shm_cpid: %s", status(id).shm_cpid == pid ? "the child" : "another");
    char *p = attach(id);
    saw("it says: %s", p);
    shmdt(p);
    close(end);
    clear();
}

/* Do IPC_INFO and the file in /proc/sys/kernel agree? */
static void limit(const char *name, const char *in_proc, unsigned long info)
{
    unsigned long long value = kernel(in_proc);
    if (value == info)
        saw("%s: they agree, %lu", name, info);
    else if (sizeof info < 8 && value > LONG_MAX)
        saw("%s: they agree, but for 32 bits: %lu", name, info);
    else
        saw("%s: IPC_INFO says %lu, /proc %llu", name, info, value);
}
static void limits(void)
{
    struct shminfo info;
    if (shmctl(0, IPC_INFO, (void *)&info) == -1)
        err(1, "shmctl IPC_INFO");
    if (kernel("shmmni") == 0)
        skip("there is no /proc/sys/kernel to compare with");
    limit("SHMMAX, bytes of one", "shmmax", info.shmmax);
    limit("SHMALL, pages of all", "shmall", info.shmall);
    limit("SHMMNI, segments", "shmmni", info.shmmni);
    saw("SHMMIN, bytes of one: %lu", (unsigned long)info.shmmin);
    begin();
    saw("shmget of 0 bytes: %s", got(shmget(IPC_PRIVATE, 0, 0600), -1));
    clear();
}

static const struct experiment lasting[] = {
    {"What do fork and exec do to what is attached?",
     "p = shmat(id, ...);  fork();  exec();",
     "a child's p[0] = 'x': written\n"
     "the parent has: xello\n"
     "the child has ended, shm_nattch: 1\n"
     "nobody called shmdt, but shm_dtime: now\n"
     "after fork, shm_nattch: 2\n"
     "after exec, it attached again: yes\n"
     "and wrote there: shm_nattch was 1",
     fork_and_exec,
     "fork(2) attaches it for the child, too, at the same address; exec(3) "
     "and the end of a process detach all: shmop(2), NOTES. So shm_dtime is "
     "not only the \"time of the last shmdt(2)\" that shmctl(2) says.",
     NULL},
    {"Does it outlive its creator?",
     "id = shmget(...);  strcpy(shmat(id, ...), \"hello ...\");  _exit(0);",
     "its creator has ended: 0\n"
     "shm_nattch: 0\n"
     "shm_cpid: the child\n"
     "it says: hello from the dead",
     outlives,
     "It does, until IPC_RMID or the end of the system. \"The caller must "
     "ensure that a segment is eventually destroyed\": shmctl(2). With "
     "kernel.shm_rmid_forced = 1 it would be gone by now: proc(5).",
     NULL},
    {"What are the limits?",
     "shmctl(0, IPC_INFO, &info);  /* and /proc/sys/kernel/shmmax ... */",
     "SHMMAX, bytes of one: they agree\n"
     "SHMALL, pages of all: they agree\n"
     "SHMMNI, segments: they agree\n"
     "SHMMIN, bytes of one: 1\n"
     "shmget of 0 bytes: EINVAL",
     limits,
     "By default SHMMAX and SHMALL limit nothing: ULONG_MAX - 2^24 since Linux "
     "3.16, shmget(2); the memory does. SHMMNI segments, and the next is "
     "ENOSPC: look for what was left behind, ipcs -m.",
     NULL},
};

#endif
