/*
 * actor.h - a student's process, which stops where we look, ptrace(2)
 *
 * Every process of a lab that a check starts, and every process that it forks,
 * is an actor: it stops before and after each system call, and, if asked, after
 * each instruction. Nothing in the student's program knows of it, so whatever
 * a mend is made of is seen in the same way: semaphores of either kind, locks,
 * futexes, pipes, signals, atomics.
 *
 * An actor is
 *   RUNNING   on its way: it works, or it sleeps in the kernel
 *   STOPPED   it stands still until it is resumed
 *   ENDED     with a status, as waitpid(2) gives it
 */
#ifndef ACTOR_H
#define ACTOR_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What <linux/ptrace.h> has, which does not agree with <sys/ptrace.h>. */
#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif
#ifdef __GLIBC__
typedef enum __ptrace_request request;
#else
typedef int request;
#endif
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

#if defined(__x86_64__) && !defined(__ILP32__)
typedef struct user_regs_struct registers;
#define IP(r) ((r).rip)
#define SP(r) ((r).rsp)
#define RESULT(r) ((r).rax)
#define BREAK "\xcc"    /* int3 */
#define AFTER_BREAK 1   /* where ip is then */
#define CALL "\x0f\x05" /* syscall */
#define CALL_LENGTH 2
#define CAN_STEP 1
#elif defined(__aarch64__)
typedef struct user_regs_struct registers;
#define IP(r) ((r).pc)
#define SP(r) ((r).sp)
#define RESULT(r) ((r).regs[0])
#define BREAK "\x00\x00\x20\xd4" /* brk #0 */
#define AFTER_BREAK 0
#define CALL "\x01\x00\x00\xd4" /* svc #0 */
#define CALL_LENGTH 4
/* A step between a load and a store exclusive makes the store fail for ever. */
#define CAN_STEP 0
#else
#define UNKNOWN_MACHINE
typedef struct {
    uint64_t ip, sp, result;
} registers;
#define IP(r) ((r).ip)
#define SP(r) ((r).sp)
#define RESULT(r) ((r).result)
#define BREAK ""
#define AFTER_BREAK 0
#define CALL "?"
#define CALL_LENGTH 1
#define CAN_STEP 0
#endif

enum { MAX_ACTORS = 16, MAX_SHARED = 8, MAX_SEEN = 4096 };
enum state { RUNNING, STOPPED, ENDED };

struct shared { /* a mapping that others see, and what was in it last */
    uint64_t at;
    size_t size;
    char *was;
};

struct site;
struct actor {
    pid_t pid;
    int part;  /* its number among those that the check started */
    int child; /* 0: started by the check; 1, 2 ...: its children */
    enum state state;
    int status;   /* STOPPED or ENDED: as waitpid(2) gave it */
    bool held;    /* is not to be resumed */
    bool in_call; /* between the entry and the exit of a system call */
    bool expire;  /* its wait with a timeout is to end, as if it were over */
    bool spins;   /* was stopped because it burns CPU and gets nowhere */
    int signal;   /* to be delivered when it goes on */
    bool killed;  /* by the check */
    int naps;     /* waits with a timeout that we ended */
    long moves;   /* how many there had been when it was found spinning */
    int calls;    /* of the system, since it was last resumed at rest */
    uint64_t call, args[6], ip, sp;
    int64_t cpu; /* ns that it had used when it was last resumed */
    uint64_t text, text_end, base; /* the program's own code */
    struct shared shared[MAX_SHARED];
    int shares;
    struct site *site; /* where it called what it is in */
    uint64_t back;     /* its breakpoint; 0: none */
    char under[8];     /* what is there in truth */
    bool came_back;    /* it has just got there */
    bool runs;         /* nothing more of it is worth a step */
    bool stored;       /* its last step was a plain store to shared memory */
};

static struct actor actors[MAX_ACTORS];
static int on_stage; /* how many of them are in use */
static struct {
    pid_t pid;
    int status;
} strays[MAX_ACTORS]; /* children that stopped before we heard of them */
static const char *program;

/* The end of a check that found out nothing: no verdict on the lab. */
static void clear_up(void);
static void no_verdict(int status, const char *format, ...)
{
    va_list more;
    va_start(more, format);
    vprintf(format, more);
    va_end(more);
    putchar('\n');
    fflush(stdout);
    clear_up();
    _exit(status);
}

/* --- what the kernel tells of a process ----------------------------------- */

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) == -1)
        return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t cpu_of(pid_t pid)
{
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) == 0 ? nanoseconds(clock) : 0;
}

/* The text of /proc/PID/FILE; false: there is none. */
static bool read_proc(pid_t pid, const char *file, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd == -1 ? -1 : read(fd, text, size - 1);
    if (fd != -1)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* The letter of its state, proc_pid_stat(5), and how often it went to sleep or
   was put aside: who sleeps, and has the same count as before, slept between. */
static char sleeps(pid_t pid, long *switches)
{
    char text[4096];
    if (!read_proc(pid, "status", text, sizeof text))
        return 'X';
    const char *state = strstr(text, "\nState:\t");
    const char *own = strstr(text, "\nvoluntary_ctxt_switches:");
    const char *put = strstr(text, "\nnonvoluntary_ctxt_switches:");
    *switches = (own ? strtol(strchr(own, ':') + 1, NULL, 10) : 0) +
                (put ? strtol(strchr(put, ':') + 1, NULL, 10) : 0);
    return state ? state[8] : 'X';
}

/* Is it off the processor, and not about to get one? Who waits in the kernel
   says that it sleeps before it looks for the last time at what it waits for, and
   who was woken in wait(2) may say so, too; proc_pid_syscall(5) knows better. */
static bool off_processor(pid_t pid)
{
    char text[256];
    return !read_proc(pid, "syscall", text, sizeof text) ||
           strncmp(text, "running", 7) != 0;
}

static bool peek(const struct actor *a, uint64_t at, void *to, size_t size)
{
    struct iovec here = {to, size}, there = {(void *)(uintptr_t)at, size};
    return process_vm_readv(a->pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

static bool poke(const struct actor *a, uint64_t at, const void *from,
                 size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", a->pid);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd != -1 && pwrite(fd, from, size, (off_t)at) == (ssize_t)size;
    if (fd != -1)
        close(fd);
    return done;
}

/* Is the instruction at this place one that nobody can come into? Prefixes,
   then the lock prefix, or xchg, which needs none. */
static bool atomic_at(const struct actor *a, uint64_t at)
{
    unsigned char code[8] = {0};
    size_t i = 0;
    peek(a, at, code, sizeof code);
    while (i < 4 && (code[i] == 0x66 || (code[i] & 0xf0) == 0x40))
        i++;
    return !CAN_STEP || code[i] == 0xf0 || code[i] == 0x86 || code[i] == 0x87;
}

static registers get_registers(const struct actor *a)
{
    registers r = {0};
    struct iovec v = {&r, sizeof r};
    ptrace(PTRACE_GETREGSET, a->pid, NT_PRSTATUS, &v);
    return r;
}

static void set_registers(const struct actor *a, registers r)
{
    struct iovec v = {&r, sizeof r};
    ptrace(PTRACE_SETREGSET, a->pid, NT_PRSTATUS, &v);
}

/* Look through its mappings: where its own code is, and what it shares. */
static void look_at_maps(struct actor *a)
{
    char path[64], line[PATH_MAX + 128];
    snprintf(path, sizeof path, "/proc/%d/maps", a->pid);
    FILE *maps = fopen(path, "re");
    for (int i = 0; i < a->shares; i++)
        free(a->shared[i].was);
    a->shares = 0;
    a->base = 0;
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char mode[5];
        int name = 0;
        if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &from, &to, mode,
                   &name) < 3)
            continue;
        line[strcspn(line, "\n")] = '\0';
        if (name > 0 && strcmp(line + name, program) == 0) {
            if (a->base == 0)
                a->base = from;
            if (mode[2] == 'x')
                a->text = from, a->text_end = to;
        }
        size_t size = to - from < 65536 ? to - from : 65536;
        if (mode[3] != 's' || mode[0] != 'r' || a->shares == MAX_SHARED)
            continue;
        struct shared *s = &a->shared[a->shares++];
        *s = (struct shared){.at = from, .size = size, .was = calloc(1, size)};
        if (!s->was)
            err(2, "malloc");
        peek(a, from, s->was, size); /* nothing, where the file has no page */
    }
    if (maps)
        fclose(maps);
}

/* What changed last in shared memory. size 0: more than fits. */
static struct {
    uint64_t at;
    size_t size;
    char was[64], is[64];
} change;

static void note_change(const struct shared *s, const char *now)
{
    size_t from = 0, to = s->size;
    while (from < to && now[from] == s->was[from])
        from++;
    while (to > from && now[to - 1] == s->was[to - 1])
        to--;
    change.at = s->at + from;
    change.size = to - from <= sizeof change.is ? to - from : 0;
    memcpy(change.was, s->was + from, change.size);
    memcpy(change.is, now + from, change.size);
}

/* Is there something new in what it shares? */
static bool shared_changed(struct actor *a)
{
    static char now[65536];
    bool changed = false;
    for (int i = 0; i < a->shares; i++) {
        struct shared *s = &a->shared[i];
        if (peek(a, s->at, now, s->size) && memcmp(now, s->was, s->size) != 0) {
            note_change(s, now);
            memcpy(s->was, now, s->size);
            changed = true;
        }
    }
    return changed;
}

/* --- calls that wait with a timeout -------------------------------------------- */

/* Does its call end by itself after a time? Then *result is what it gives. */
static bool timed(const struct actor *a, int64_t *result)
{
    if (!a->in_call)
        return false;
    *result = 0;
    switch (a->call) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return true;
    case SYS_futex:
        *result = -ETIMEDOUT;
        switch (a->args[1] & 127) {
        case 0:  /* FUTEX_WAIT */
        case 6:  /* FUTEX_LOCK_PI */
        case 9:  /* FUTEX_WAIT_BITSET */
        case 11: /* FUTEX_WAIT_REQUEUE_PI */
            return a->args[3] != 0;
        }
        return false;
    case SYS_semtimedop:
        *result = -EAGAIN;
        return a->args[3] != 0;
    case SYS_rt_sigtimedwait:
        *result = -EAGAIN;
        return a->args[2] != 0;
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
        *result = -ETIMEDOUT;
        return a->args[4] != 0;
    case SYS_ppoll:
        return a->args[2] != 0;
    case SYS_pselect6:
        return a->args[4] != 0;
    case SYS_epoll_pwait:
        return (int)a->args[3] >= 0;
#ifdef SYS_poll
    case SYS_poll:
        return (int)a->args[2] >= 0;
    case SYS_select:
        return a->args[4] != 0;
    case SYS_epoll_wait:
        return (int)a->args[3] >= 0;
#endif
    }
    return false;
}

/* How long its call, which is timed(), would wait, in ns. A time of day that is
   a whole second, as of time(NULL) + 1, is taken for a second at least. */
static inline int64_t patience(const struct actor *a)
{
    const int64_t second = 1000000000;
    size_t at = 0;
    int64_t t[2] = {0}, unit = 1;
    clockid_t until = -1; /* a time of this clock; -1: a length */
    switch (a->call) {
#ifdef SYS_poll
    case SYS_poll:
        return (int)a->args[2] * (int64_t)1000000;
    case SYS_epoll_wait:
        return (int)a->args[3] * (int64_t)1000000;
    case SYS_select:
        at = 4;
        unit = 1000; /* microseconds */
        break;
#endif
    case SYS_epoll_pwait:
        return (int)a->args[3] * (int64_t)1000000;
    case SYS_clock_nanosleep:
        at = 2;
        if (a->args[1] & TIMER_ABSTIME)
            until = (clockid_t)a->args[0];
        break;
    case SYS_futex: /* only FUTEX_WAIT has a length; 256: FUTEX_CLOCK_REALTIME */
        at = 3;
        if ((a->args[1] & 127) != 0)
            until = a->args[1] & 256 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
        break;
    case SYS_semtimedop:
        at = 3;
        break;
    case SYS_rt_sigtimedwait:
    case SYS_ppoll:
        at = 2;
        break;
    case SYS_pselect6:
        at = 4;
        break;
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
        at = 4;
        until = CLOCK_REALTIME;
        break;
    }
    peek(a, a->args[at], t, sizeof t);
    int64_t length = t[0] * second + t[1] * unit;
    if (until == -1)
        return length;
    length -= nanoseconds(until);
    return length < second && t[1] == 0 ? second : length;
}

/* --- what they make, so that it can be removed ------------------------------------ */

static struct made {
    char kind; /* 'm': segment, 's': set, 'f': file in /dev/shm */
    int id;
    char path[80];
} made[256];
static int many_made;
static time_t began;

static void note_made(char kind, int64_t id, const char *path)
{
    struct made new = {.kind = kind, .id = (int)id};
    snprintf(new.path, sizeof new.path, "%s", path);
    for (int i = 0; i < many_made; i++)
        if (made[i].kind == kind &&
            made[i].id == new.id &&strcmp(made[i].path, path) == 0)
            return;
    if (many_made < (int)(sizeof made / sizeof made[0]))
        made[many_made++] = new;
}

/* Is it about to open or link an object that is not there yet, shm_open(3) or
   sem_open(3)? */
static void note_path(const struct actor *a)
{
    static const char where[] = "/dev/shm/";
    char path[80] = "";
    uint64_t at = 0;
    if (a->call == SYS_openat)
        at = a->args[1];
    else if (a->call == SYS_linkat)
        at = a->args[3];
#ifdef SYS_open
    else if (a->call == SYS_open)
        at = a->args[0];
    else if (a->call == SYS_link)
        at = a->args[1];
#endif
    else
        return;
    for (size_t i = 0; i < sizeof path - 1; i++) {
        if (!peek(a, at + i, path + i, 1) || path[i] == '\0')
            break;
        if (i < sizeof where - 1 && path[i] != where[i])
            return;
    }
    if (strlen(path) >= sizeof where && access(path, F_OK) == -1)
        note_made('f', 0, path);
}

/* What came into being while we looked, and is ours. */
static bool still_there(struct made m)
{
    struct shmid_ds segment = {0};
    struct semid_ds set = {0};
    union {
        struct semid_ds *buf;
    } arg = {&set};
    if (m.kind == 'f')
        return access(m.path, F_OK) == 0;
    if (m.kind == 'm')
        return shmctl(m.id, IPC_STAT, &segment) == 0 &&
               segment.shm_perm.cuid == geteuid() && segment.shm_ctime >= began;
    return semctl(m.id, 0, IPC_STAT, arg) == 0 &&
           set.sem_perm.cuid == geteuid() && set.sem_ctime >= began;
}

static void remove_made(void)
{
    for (int i = 0; i < many_made; i++) {
        if (!still_there(made[i]))
            continue;
        if (made[i].kind == 'f')
            unlink(made[i].path);
        else if (made[i].kind == 'm')
            shmctl(made[i].id, IPC_RMID, NULL);
        else
            semctl(made[i].id, 0, IPC_RMID);
    }
    many_made = 0;
}

/* --- coming and going -------------------------------------------------------------- */

static struct actor *actor_of(pid_t pid)
{
    for (int i = 0; i < on_stage; i++)
        if (actors[i].pid == pid && actors[i].state != ENDED)
            return &actors[i];
    return NULL;
}

static struct actor *new_actor(pid_t pid, int part, int child)
{
    if (on_stage == MAX_ACTORS)
        no_verdict(1, "it starts more than %d processes", MAX_ACTORS);
    struct actor *a = &actors[on_stage++];
    *a = (struct actor){.pid = pid, .part = part, .child = child};
    return a;
}

static void set_status(struct actor *a, int status)
{
    a->status = status;
    a->state = WIFEXITED(status) || WIFSIGNALED(status) ? ENDED : STOPPED;
}

/* Wait for this one alone, which cannot be asleep. */
static void wait_for(struct actor *a)
{
    int status;
    while (waitpid(a->pid, &status, __WALL) == -1)
        if (errno != EINTR)
            err(2, "waitpid");
    set_status(a, status);
}

/* Has it stopped of a SIGSTOP, or the like? Then it stays so until a SIGCONT,
   ptrace(2), "Group-stop". */
static bool group_stopped(const struct actor *a)
{
    return a->status >> 16 == PTRACE_EVENT_STOP &&
           WSTOPSIG(a->status) != SIGTRAP;
}

static void resume(struct actor *a, request how)
{
    int signal = a->signal;
    if (group_stopped(a)) {
        how = PTRACE_LISTEN;
        signal = 0;
    }
    a->signal = 0;
    a->state = RUNNING;
    if (ptrace(how, a->pid, 0, (long)signal) == -1 && errno != ESRCH)
        err(2, "ptrace");
}

/* Start the program, and let it come to its first instruction behind the
   dynamic loader: what that does is no work of the student's. */
static struct actor *launch(int part, char *const *argv, int in, int out,
                            int log)
{
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) == -1)
        err(2, "pipe");
    pid_t pid = fork();
    if (pid == -1)
        err(2, "fork");
    if (pid == 0) {
        char go;
        if (read(gate[0], &go, 1) != 1)
            _exit(127);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_CPU, &(struct rlimit){60, 60});
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){64 << 20, 64 << 20});
        personality(ADDR_NO_RANDOMIZE); /* so that two runs can be compared */
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        setpgid(0, 0);
        dup2(in, 0);
        dup2(out, 1);
        dup2(log, 2);
        execv(program, argv);
        _exit(127);
    }
    struct actor *a = new_actor(pid, part, 0);
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
                         PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
    if (ptrace(PTRACE_SEIZE, pid, 0, options) == -1) {
        int why = errno;
        kill(pid, SIGKILL);
        no_verdict(77, "the check needs ptrace(2): %s", strerror(why));
    }
    if (write(gate[1], "", 1) != 1)
        err(2, "write");
    close(gate[0]);
    close(gate[1]);
    for (;;) {
        wait_for(a);
        if (a->state == ENDED)
            no_verdict(2, "%s cannot be started", program);
        if (a->status >> 16 == PTRACE_EVENT_EXEC)
            break;
        resume(a, PTRACE_CONT);
    }

    /* getauxval(3) tells of ourselves; this is theirs. */
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/auxv", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t pair[2] = {AT_NULL, 0}, entry = 0;
    while (fd != -1 && read(fd, pair, sizeof pair) == sizeof pair)
        if (pair[0] == AT_ENTRY)
            entry = pair[1];
    if (fd != -1)
        close(fd);
    char was[sizeof BREAK];
    if (!peek(a, entry, was, sizeof BREAK - 1) ||
        !poke(a, entry, BREAK, sizeof BREAK - 1))
        no_verdict(77, "the check cannot set a breakpoint here");
    do {
        resume(a, PTRACE_CONT);
        wait_for(a);
        if (a->state == ENDED)
            no_verdict(2, "%s cannot be started", program);
    } while (WSTOPSIG(a->status) != SIGTRAP || a->status >> 16 != 0);
    poke(a, entry, was, sizeof BREAK - 1);
    registers r = get_registers(a);
    IP(r) -= AFTER_BREAK;
    set_registers(a, r);
    look_at_maps(a);
    return a;
}

static void kill_all(void)
{
    for (int i = 0; i < on_stage; i++)
        if (actors[i].state != ENDED)
            kill(actors[i].pid, SIGKILL);
    /* A child that was just born, and is no actor yet, dies as well. */
    for (int i = 0; i < MAX_ACTORS; i++)
        if (strays[i].pid != 0)
            kill(strays[i].pid, SIGKILL);
    memset(strays, 0, sizeof strays);
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0 ||
           (pid == -1 && errno == EINTR)) {
        struct actor *a = actor_of(pid);
        if (WIFSTOPPED(status))
            kill(pid, SIGKILL);
        else if (a)
            set_status(a, status);
    }
    for (int i = 0; i < on_stage; i++)
        for (int j = 0; j < actors[i].shares; j++)
            free(actors[i].shared[j].was);
    on_stage = 0;
}

#endif
