/*
 * trace.c - a student's process under ptrace(2): it stops where we look
 *
 * Every process of a lab that a check starts, and every process that it forks,
 * stops before and after each system call, and, if asked, after each instruction.
 * Nothing in the student's program knows of it, so whatever a mend is made of is
 * seen in the same way: semaphores of either kind, locks, futexes, pipes, signals,
 * atomics.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct process processes[MAX_PROCESSES];
int many_processes;
struct change change;
static struct {
    pid_t pid;
    int status;
} strays[MAX_PROCESSES];

/* --- what the kernel tells of a process --------------------------------------- */

int64_t nanoseconds(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) == -1)
        return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t cpu_of(pid_t pid)
{
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) == 0 ? nanoseconds(clock) : 0;
}

/* The text of /proc/PID/FILE; false: there is none. */
bool read_proc(pid_t pid, const char *file, char *text, size_t size)
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

/* A parent in vfork(2) waits for its child, and says that it is at a disk. */
static bool waits_for_birth(const struct process *a)
{
    uint64_t flags = a->args[0]; /* of clone(2) */
    if (!a->in_call)
        return false;
#ifdef SYS_vfork
    if (a->call == SYS_vfork)
        return true;
#endif
    if (a->call == SYS_clone3 && !peek(a, a->args[0], &flags, sizeof flags))
        return false;
    return (a->call == SYS_clone || a->call == SYS_clone3) &&
           flags & CLONE_VFORK;
}

/* Does it sleep in the kernel? And how often did it go to sleep, or was put
   aside, proc_pid_status(5): a process that sleeps at two looks, and has the same
   count at both, slept between them. (After a SIGSTOP its state is t.) */
bool asleep(const struct process *a, long *switches)
{
    char text[4096];
    *switches = 0;
    if (!read_proc(a->pid, "status", text, sizeof text))
        return false;
    const char *state = strstr(text, "\nState:\t");
    const char *own = strstr(text, "\nvoluntary_ctxt_switches:");
    const char *put = strstr(text, "\nnonvoluntary_ctxt_switches:");
    *switches = (own ? strtol(strchr(own, ':') + 1, NULL, 10) : 0) +
                (put ? strtol(strchr(put, ':') + 1, NULL, 10) : 0);
    return state && (state[8] == (group_stopped(a) ? 't' : 'S') ||
                     (state[8] == 'D' && waits_for_birth(a)));
}

/* Is it off the processor, and not about to get one? Who waits in the kernel
   says that it sleeps before it looks for the last time at what it waits for, and
   who was woken in wait(2) may say so, too; proc_pid_syscall(5) knows better. */
bool off_processor(pid_t pid)
{
    char text[256];
    return !read_proc(pid, "syscall", text, sizeof text) ||
           strncmp(text, "running", 7) != 0;
}

bool peek(const struct process *a, uint64_t at, void *to, size_t size)
{
    struct iovec here = {to, size}, there = {(void *)(uintptr_t)at, size};
    return process_vm_readv(a->pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

bool poke(const struct process *a, uint64_t at, const void *from, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", a->pid);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd != -1 && pwrite(fd, from, size, (off_t)at) == (ssize_t)size;
    if (fd != -1)
        close(fd);
    return done;
}

bool atomic_at(const struct process *a, uint64_t at)
{
    unsigned char code[8] = {0};
    peek(a, at, code, sizeof code);
    return is_atomic(code, (int)sizeof code);
}

registers get_registers(const struct process *a)
{
    registers r = {0};
    struct iovec v = {&r, sizeof r};
    ptrace(PTRACE_GETREGSET, a->pid, NT_PRSTATUS, &v);
    return r;
}

void set_registers(const struct process *a, registers r)
{
    struct iovec v = {&r, sizeof r};
    ptrace(PTRACE_SETREGSET, a->pid, NT_PRSTATUS, &v);
}

/* Look through its mappings: where its own code is, and what it shares. */
void look_at_maps(struct process *a)
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
        /* One that is private shows what others store, too, mmap(2). */
        const bool shared =
            mode[3] == 's' ||
            (name > 0 && strncmp(line + name, "/dev/shm/", 9) == 0);
        if (!shared || mode[0] != 'r' || a->shares == MAX_SHARED)
            continue;
        struct shared_map *s = &a->shared[a->shares++];
        *s = (struct shared_map){
            .at = from, .size = size, .was = calloc(1, size)};
        if (!s->was)
            err(2, "malloc");
        peek(a, from, s->was, size); /* nothing, where the file has no page */
    }
    if (maps)
        fclose(maps);
}

static void note_change(const struct shared_map *s, const char *now)
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
bool shared_changed(struct process *a)
{
    static char now[65536];
    bool changed = false;
    for (int i = 0; i < a->shares; i++) {
        struct shared_map *s = &a->shared[i];
        if (peek(a, s->at, now, s->size) && memcmp(now, s->was, s->size) != 0) {
            note_change(s, now);
            memcpy(s->was, now, s->size);
            changed = true;
        }
    }
    return changed;
}

bool own_code(const struct process *a, uint64_t ip)
{
    return ip >= a->text && ip < a->text_end;
}

/* Is its next instruction a system call? Its own code does not change, and is
   read once: every run is one of the same program. */
bool at_call(const struct process *a)
{
    static char own[1 << 16];
    static size_t size;
    char code[CALL_LENGTH] = "";
    if (size == 0 && a->text_end > a->text && !a->back &&
        a->text_end - a->text <= sizeof own &&
        peek(a, a->text, own, a->text_end - a->text))
        size = a->text_end - a->text;
    if (own_code(a, a->ip) && a->ip - a->text + CALL_LENGTH <= size)
        return memcmp(own + (a->ip - a->text), CALL, CALL_LENGTH) == 0;
    return peek(a, a->ip, code, sizeof code) &&
           memcmp(code, CALL, sizeof code) == 0;
}

/* --- all of its memory ------------------------------------------------------- */

enum { MOST_IMAGE = 1 << 20 }; /* bytes of a region; a lab has 0.3 MB in all */

static void forget_image(struct image *image)
{
    for (int i = 0; i < image->many; i++)
        free(image->regions[i].was);
    image->many = 0;
}

static bool add_region(const struct process *a, struct image *image,
                       uint64_t at, uint64_t end)
{
    if (image->many == MAX_REGIONS || end - at > MOST_IMAGE)
        return false;
    struct region *region = &image->regions[image->many];
    region->at = at;
    region->size = end - at;
    region->was = malloc(region->size);
    if (!region->was)
        err(BROKEN, "malloc");
    image->many++;
    return peek(a, at, region->was, region->size);
}

/* Of the stack only what is in use; what a process shares with another one may have
   been changed by that. */
void take_image(const struct process *a, struct image *image,
                const registers *r)
{
    char path[64], line[PATH_MAX + 128], mode[5];
    unsigned long from, to;
    forget_image(image);
    image->pid = a->pid;
    image->registers = *r;
    snprintf(path, sizeof path, "/proc/%d/maps", a->pid);
    FILE *maps = fopen(path, "re");
    bool all = maps != NULL;
    while (all && fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 ||
            mode[1] != 'w')
            continue;
        if (SP(*r) >= from && SP(*r) < to)
            from = SP(*r) - RED_ZONE;
        all = add_region(a, image, from, to) || mode[3] == 's';
    }
    if (maps)
        fclose(maps);
    if (!all)
        image->pid = 0; /* not to be compared with */
}

bool same_image(const struct process *a, const struct image *image,
                const registers *r)
{
    static char now[MOST_IMAGE];
    if (memcmp(r, &image->registers, sizeof *r) != 0)
        return false;
    for (int i = 0; i < image->many; i++) {
        const struct region *region = &image->regions[i];
        if (!peek(a, region->at, now, region->size) ||
            memcmp(now, region->was, region->size) != 0)
            return false;
    }
    return true;
}

/* --- coming and going -------------------------------------------------------- */

struct process *process_with(pid_t pid)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].pid == pid && processes[i].state != ENDED)
            return &processes[i];
    return NULL;
}

/* A thread may have ended, and we have not heard of it yet. WNOWAIT: if it has
   stopped, ptrace(2) tells that here, too, and it is to be heard of later. */
static void look_at_end(struct process *a)
{
    siginfo_t now = {0};
    int status;
    if (a->state == RUNNING &&
        waitid(P_PID, (id_t)a->pid, &now,
               WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 &&
        (now.si_code == CLD_EXITED || now.si_code == CLD_KILLED) &&
        waitpid(a->pid, &status, __WALL) == a->pid)
        set_status(a, status);
}

/* The place of a child that has ended well; NULL: all are there, or have a
   status that is to be judged. */
static struct process *free_place(void)
{
    for (int i = 0; i < MAX_PROCESSES; i++) {
        struct process *a = &processes[i];
        if (a->child <= FIRST_ONES)
            continue;
        look_at_end(a);
        if (a->state != ENDED || a->status != 0 || a->held)
            continue;
        for (int j = 0; j < a->shares; j++)
            free(a->shared[j].was);
        return a;
    }
    return NULL;
}

struct process *new_process(pid_t pid, int part, int child)
{
    struct process *a = many_processes < MAX_PROCESSES
                            ? &processes[many_processes++]
                            : free_place();
    if (a)
        *a = (struct process){.pid = pid, .part = part, .child = child};
    if (!a || child > MAX_BIRTHS)
        fail("it starts more than %d processes",
             a ? MAX_BIRTHS : MAX_PROCESSES);
    return a;
}

void set_status(struct process *a, int status)
{
    a->status = status;
    a->state = WIFEXITED(status) || WIFSIGNALED(status) ? ENDED : STOPPED;
    deaths += a->state == ENDED;
}

/* Wait for this one alone, which cannot be asleep. */
void wait_for(struct process *a)
{
    int status;
    while (waitpid(a->pid, &status, __WALL) == -1)
        if (errno != EINTR)
            err(2, "waitpid");
    set_status(a, status);
}

/* Has it stopped of a SIGSTOP, or the like? Then it stays so until a SIGCONT,
   ptrace(2), "Group-stop". */
bool group_stopped(const struct process *a)
{
    return a->status >> 16 == PTRACE_EVENT_STOP &&
           WSTOPSIG(a->status) != SIGTRAP;
}

void resume(struct process *a, request how)
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

/* Root may open what has mode 0, and attach what is another's: a student's process
   is one like all others. exec(2) gives it what is in the bounding set. */
static void give_up_privileges(void)
{
    for (int capability = 0; capability < 64; capability++)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); /* EPERM: has none */
}

/* In the child: as the shell would start it, with limits, and once PARENT has
   said so. */
static _Noreturn void become(char *const *argv, const char *folder, int gate,
                             const int files[3])
{
    char go;
    if (read(gate, &go, 1) != 1)
        _exit(127);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){60, 60});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){64 << 20, 64 << 20});
    personality(ADDR_NO_RANDOMIZE); /* so that two runs can be compared */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    if (folder && chdir(folder) == -1)
        _exit(127);
    for (int i = 0; i < 3; i++)
        dup2(files[i], i);
    prctl(PR_SET_TIMERSLACK, 1); /* a wait of 0 is over at once, not in 50 us */
    give_up_privileges();
    execv(program, argv);
    _exit(127);
}

static void wait_for_exec(struct process *a)
{
    for (;;) {
        wait_for(a);
        if (a->state == ENDED)
            no_verdict(BROKEN, "%s cannot be started", program);
        if (a->status >> 16 == PTRACE_EVENT_EXEC)
            return;
        resume(a, PTRACE_CONT);
    }
}

/* Where the program begins; getauxval(3) tells of ourselves, this is theirs. */
static uint64_t entry_of(const struct process *a)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/auxv", a->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t pair[2] = {AT_NULL, 0}, entry = 0;
    while (fd != -1 && read(fd, pair, sizeof pair) == sizeof pair)
        if (pair[0] == AT_ENTRY)
            entry = pair[1];
    if (fd != -1)
        close(fd);
    return entry;
}

/* Take away what tells the time without a system call, getauxval(3): on the stack
   are argc, argv, a NULL, the environment, a NULL, and the vector. */
static void hide_vdso(const struct process *a)
{
    uint64_t at = SP(get_registers(a)), word = 0, pair[2] = {AT_NULL, 0};
    if (!peek(a, at, &word, sizeof word))
        return;
    at += (word + 2) * sizeof word;
    while (peek(a, at, &word, sizeof word) && word != 0)
        at += sizeof word;
    at += sizeof word;
    while (peek(a, at, pair, sizeof pair) && pair[0] != AT_NULL) {
        const uint64_t ignore = AT_IGNORE;
        if (pair[0] == AT_SYSINFO_EHDR)
            poke(a, at, &ignore, sizeof ignore);
        at += sizeof pair;
    }
}

/* Let it come to its first instruction behind the dynamic loader: what that does
   is no work of the student's. */
static void run_to_entry(struct process *a)
{
    if (!set_breakpoint(a, entry_of(a)))
        no_verdict(CANNOT, "the check cannot set a breakpoint here");
    do {
        resume(a, PTRACE_CONT);
        wait_for(a);
        if (a->state == ENDED)
            no_verdict(BROKEN, "%s cannot be started", program);
    } while (WSTOPSIG(a->status) != SIGTRAP || a->status >> 16 != 0);
    come_back(a);
    a->came_back = false;
    look_at_maps(a);
}

enum { FORKS = 1000 }; /* there are 255 ids between; others fork as well */

struct process *launch(int part, char *const *argv, int in, int out, int log)
{
    int gate[2];
    prctl(PR_SET_DUMPABLE, 1); /* the child is as we are, and to be traced */
    if (pipe2(gate, O_CLOEXEC) == -1)
        err(BROKEN, "pipe");
    pid_t pid;
    for (int tries = 0;; tries++) {
        pid = fork();
        if (pid == -1)
            err(BROKEN, "fork");
        if (pid == 0)
            become(argv, parts[part].folder, gate[0], (int[]){in, out, log});
        if (!scenario->alike || tries == FORKS || many_processes == 0 ||
            (pid - processes[0].pid) % 256 == 0)
            break;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    struct process *a = new_process(pid, part, 0);
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
                         PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
    if (ptrace(PTRACE_SEIZE, pid, 0, options) == -1) {
        int why = errno;
        kill(pid, SIGKILL);
        no_verdict(CANNOT, "the check needs ptrace(2): %s", strerror(why));
    }
    if (write(gate[1], "", 1) != 1)
        err(BROKEN, "write");
    close(gate[0]);
    close(gate[1]);
    prctl(PR_SET_DUMPABLE, 0); /* and we are not, by anybody like us */
    wait_for_exec(a);
    hide_vdso(a);
    run_to_entry(a);
    return a;
}

void note_stray(pid_t pid, int status)
{
    int i = 0;
    while (i < MAX_PROCESSES - 1 && strays[i].pid != 0)
        i++;
    strays[i].pid = pid;
    strays[i].status = status;
}

bool take_stray(pid_t pid, int *status)
{
    for (int i = 0; i < MAX_PROCESSES; i++)
        if (strays[i].pid == pid) {
            *status = strays[i].status;
            strays[i].pid = 0;
            return true;
        }
    return false;
}

void kill_all(void)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].state != ENDED)
            kill(processes[i].pid, SIGKILL);
    /* A child that was just born, and is not known yet, dies as well. */
    for (int i = 0; i < MAX_PROCESSES; i++)
        if (strays[i].pid != 0)
            kill(strays[i].pid, SIGKILL);
    memset(strays, 0, sizeof strays);
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0 ||
           (pid == -1 && errno == EINTR)) {
        struct process *a = process_with(pid);
        if (WIFSTOPPED(status))
            kill(pid, SIGKILL);
        else if (a)
            set_status(a, status);
    }
    for (int i = 0; i < many_processes; i++)
        for (int j = 0; j < processes[i].shares; j++)
            free(processes[i].shared[j].was);
    many_processes = 0;
}

bool set_breakpoint(struct process *a, uint64_t at)
{
    if (!peek(a, at, a->under, sizeof BREAK - 1) ||
        !poke(a, at, BREAK, sizeof BREAK - 1))
        return false;
    a->back = at;
    return true;
}

void come_back(struct process *a)
{
    registers r = get_registers(a);
    if (a->back == 0 || IP(r) != a->back + AFTER_BREAK)
        return;
    poke(a, a->back, a->under, sizeof BREAK - 1);
    IP(r) = a->ip = a->back;
    a->sp = SP(r);
    set_registers(a, r);
    a->back = 0;
    a->came_back = true;
}
