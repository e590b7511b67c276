/*
 * events.c - what a stop of a process tells: a call begins or ends, a child is born
 */
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

long deaths, progress;
bool ahead, others_held;
int births[MAX_PARTS];

#define GET_SYSCALL_INFO ((request)0x420e)
struct call_info { /* ptrace(2), PTRACE_GET_SYSCALL_INFO */
    uint8_t op, pad[3];
    uint32_t arch;
    uint64_t ip, sp;
    union {
        struct {
            uint64_t nr, args[6];
        } entry;
        struct {
            int64_t value;
            uint8_t is_error;
        } exit;
    } is;
};

static bool is_known(pid_t pid)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].pid == pid)
            return true;
    return false;
}

/* It may send signals to its own processes, and ask of each whether it is there. The
   id of one that is dead may belong to somebody else by now: to us, say. */
static void look_at_signal(struct process *a)
{
    const bool asks =
        a->call == SYS_pidfd_open || (a->call == SYS_kill && a->args[1] == 0);
    const pid_t pid = (pid_t)a->args[0];
    if (asks && scenario->pids_reused && pid > 0 && is_known(pid) &&
        !process_with(pid)) {
        registers r = get_registers(a);
        ARGUMENT(r, 0) = (unsigned)getpid();
        set_registers(a, r);
        a->changed = 1;
    }
    if (a->call == SYS_kill && pid == 0 && a->args[1] != 0)
        fail("the %s sends a signal to all processes of its job",
             who(a->part, a->child));
    if (asks || pid == 0 || is_known(pid) || is_known(-pid))
        return;
    if (a->call == SYS_kill || a->call == SYS_tkill || a->call == SYS_tgkill ||
        a->call == SYS_rt_sigqueueinfo || a->call == SYS_rt_tgsigqueueinfo)
        fail("the %s sends a signal to a process that is not its own",
             who(a->part, a->child));
}

/* A part that prints gets somewhere, and was worth some calls of each process. */
static void note_print(struct process *a)
{
    enum { WORTH = 20 };
    a->prints = true;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part == a->part)
            processes[i].calls -=
                processes[i].calls < WORTH ? processes[i].calls : WORTH;
}

static void note_entry(struct process *a, const struct call_info *info)
{
    a->calls++;
    /* If a signal that is ignored came, the same wait goes on. */
    if (info->is.entry.nr != SYS_restart_syscall) {
        a->call = info->is.entry.nr;
        memcpy(a->args, info->is.entry.args, sizeof a->args);
    }
    if (a->call == SYS_rt_sigreturn) /* not main(), a handler is over */
        a->runs = false;
    int64_t result;
    if (a->call != SYS_sched_yield && !timed(a, &result) && !tells_time(a))
        progress++;
    a->reads = a->reads || (a->call == SYS_read && a->args[0] == 0);
    if ((a->call == SYS_write || a->call == SYS_writev) && a->args[0] == 1)
        note_print(a);
    note_path(a);
    look_at_signal(a);
    if (scenario->stop && scenario->stop(a))
        a->held = true;
}

/* Its wait was interrupted, and is to end as if its time were over. -512 to -516:
   the kernel would call it again, <linux/errno.h>. */
static void end_wait(struct process *a, int64_t result)
{
    int64_t over;
    a->expire = false;
    a->in_call = true;
    if ((result == -EINTR || (result <= -512 && result >= -516)) &&
        timed(a, &over)) {
        registers r = get_registers(a);
        RESULT(r) = (unsigned long)over;
        set_registers(a, r);
    }
    a->in_call = false;
}

/* It has set a timer that sends a SIGALRM, once or again and again. */
static void note_alarm(struct process *a)
{
    int64_t t[4] = {0}; /* struct itimerval: the interval, and the first time */
#ifdef SYS_alarm
    if (a->call == SYS_alarm)
        a->alarm = a->args[0] > 0 ? ONE_ALARM : NO_ALARM;
#endif
    if (a->call != SYS_setitimer || a->args[0] != 0 || a->args[1] == 0)
        return;
    peek(a, a->args[1], t, sizeof t);
    a->alarm = t[0] || t[1] ? MANY_ALARMS : ONE_ALARM;
    if (t[2] == 0 && t[3] == 0)
        a->alarm = NO_ALARM;
}

static void note_exit(struct process *a, int64_t result)
{
    if (result >= 0)
        note_alarm(a);
    if (a->changed)
        restore(a);
    if (a->expire)
        end_wait(a, result);
    else if (result >= 0)
        note_object(a, result);
    if (tells_time(a))
        shift_time(a, result);
    if (a->call == SYS_mmap || a->call == SYS_munmap || a->call == SYS_shmat ||
        a->call == SYS_shmdt || a->call == SYS_mremap)
        look_at_maps(a);
}

static void note_call(struct process *a)
{
    struct call_info info = {0};
    ptrace(GET_SYSCALL_INFO, a->pid, sizeof info, &info);
    a->ip = info.ip;
    a->sp = info.sp;
    a->in_call = info.op == 1;
    if (a->in_call)
        note_entry(a, &info);
    else
        note_exit(a, info.is.exit.value);
}

static void note_birth(struct process *a)
{
    unsigned long pid = 0;
    int status;
    ptrace(PTRACE_GETEVENTMSG, a->pid, 0, &pid);
    struct process *born = new_process((pid_t)pid, a->part, ++births[a->part]);
    born->call = a->call;
    look_at_maps(born);
    bool to_delay = born->part == delayed.part && born->child == delayed.child;
    bool too =
        born->part == delayed_too.part && born->child == delayed_too.child;
    born->held = others_held || to_delay || too;
    if (ahead && born->held)
        a->held = true;
    else if (ahead && a->part == delayed.part && a->child == delayed.child)
        born->held = true;
    if (take_stray(born->pid, &status)) {
        set_status(born, status);
        if (!born->held)
            resume(born, PTRACE_SYSCALL);
    }
    born->back = a->back; /* its copy of the code has it, too */
    memcpy(born->under, a->under, sizeof born->under);
}

void note(struct process *a)
{
    int signal = WSTOPSIG(a->status), event = a->status >> 16;
    if (signal == (SIGTRAP | 0x80))
        note_call(a);
    else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
             event == PTRACE_EVENT_CLONE)
        note_birth(a);
    else if (event == 0 && signal == SIGTRAP)
        come_back(a);
    else if (event == 0)
        a->signal = signal;
    if (a->signal == SIGALRM && a->alarm == ONE_ALARM)
        a->alarm = NO_ALARM;
}
