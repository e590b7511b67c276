/*
 * director.h - bring a process to every instant at which another could come
 *
 * A race shows itself when one process is slow at an unlucky place. A check
 * does not wait for that: it runs the lab again and again, and each time one
 * process, the star, is stopped at its next instant, while all others go on
 * until nobody can: each has ended or sleeps in the kernel. Then the star goes
 * on, or is killed, and at the end the judge looks at what was printed.
 *
 * An instant is before a system call, or after a store that changed memory the
 * star shares; in a part that is `fine`, each instruction of its own code, too.
 * A place in the code counts the first two times it is reached, such an
 * instruction once. In a part that is `late` the others also come while such a
 * store is on its way: what it wrote was worked out before, and lies over theirs
 * afterwards. So n++ loses what they added, even where it is one instruction, and
 * not an atomic one.
 *
 * While somebody can go on, no time passes: sleep(3), and every wait with a
 * timeout, ends when all others are at an end, and not before. So a sleep that
 * stands in for an order is seen as what it is, on a fast machine and on a slow
 * one, and no check waits for it. That all sleep is no guess: they do if twice
 * in a row each of them is found asleep, and has not been on a processor in
 * between. Who never sleeps has its share of CPU time, and is then stopped.
 *
 * (One process is delayed once. Most races need no more: M. Musuvathi and S.
 * Qadeer, "Iterative context bounding for systematic testing of multithreaded
 * programs", 2007.)
 */
#ifndef DIRECTOR_H
#define DIRECTOR_H

#include "actor.h"

enum {
    MAX_PARTS = 4,
    MAX_WORDS = 16,
    MAX_NAPS = 40,
    MAX_STEPS = 20000,
    MAX_OWN = 2000,
    MAX_CALLS = 500
};

struct part {
    const char *role;             /* in the evidence: "writer" */
    const char *words[MAX_WORDS]; /* its arguments */
    const char *input;            /* its stdin; NULL: nothing */
    bool fine;                    /* each of its instructions is an instant */
    bool late; /* others may come before a store of it is to be seen */
};

struct play {
    struct part parts[MAX_PARTS];
    void (*prepare)(void); /* before each run: fresh objects; or NULL */
    void (*held)(void);    /* while the star is held, or just killed; or NULL */
    void (*judge)(void);   /* after each run: red(), or it is as it has to be */
    bool kill;             /* the star does not go on: SIGKILL */
    bool alone;            /* the other parts are not started at all */
    int most;              /* so many instants are enough; 0: all */
    bool solo; /* until the star is held, or waits, the others stand still */
};

static const struct play *play;
static struct part cast[MAX_PARTS]; /* the play's, and who comes afterwards */
static int parts, out_of[MAX_PARTS], log_of[MAX_PARTS], births[MAX_PARTS];
static int instants;                     /* at how many a process was held */
static volatile sig_atomic_t stopped_by; /* Ctrl-C, and the like */
static int64_t deadline; /* the check's own end, CLOCK_MONOTONIC */
static char folder[PATH_MAX];
static char tag[32];   /* is in the name of each object of this check */
static bool preparing; /* what comes into being now is for the run itself */

static struct { /* who is to be held, and where that was */
    int part, child;
    bool there; /* it is held now, or was in this run */
    bool in_call;
    bool late; /* its last store was not to be seen yet */
    uint64_t call, base, places[8];
} star = {.part = -1};
static bool ahead; /* its parent and children stand still till it is there */

/* --- what a check says ------------------------------------------------------------ */

static const char *call_name(uint64_t call)
{
    static const struct {
        uint64_t call;
        const char *name;
    } names[] = {
        {SYS_read, "read"},           {SYS_write, "write"},
        {SYS_close, "close"},         {SYS_mmap, "mmap"},
        {SYS_munmap, "munmap"},       {SYS_openat, "open"},
        {SYS_ftruncate, "ftruncate"}, {SYS_fallocate, "fallocate"},
        {SYS_fcntl, "fcntl"},         {SYS_flock, "flock"},
        {SYS_futex, "futex"},         {SYS_clone, "fork"},
        {SYS_wait4, "wait"},          {SYS_exit_group, "exit"},
        {SYS_unlinkat, "unlink"},     {SYS_shmget, "shmget"},
        {SYS_shmat, "shmat"},         {SYS_shmdt, "shmdt"},
        {SYS_shmctl, "shmctl"},       {SYS_semget, "semget"},
        {SYS_semop, "semop"},         {SYS_semtimedop, "semop"},
        {SYS_semctl, "semctl"},
#ifdef SYS_unlink
        {SYS_open, "open"},           {SYS_unlink, "unlink"},
        {SYS_fork, "fork"},
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].call == call)
            return names[i].name;
    return NULL;
}

/* The line of the student's source that the star was at; 0: unknown. */
static int line_of_star(void)
{
    int line = 0;
    for (size_t i = 0; i < 8 && line == 0 && star.places[i] != 0; i++) {
        char command[PATH_MAX + 64], text[PATH_MAX + 64] = "";
        snprintf(command, sizeof command,
                 "addr2line -e '%s' 0x%llx 2>/dev/null", program,
                 (unsigned long long)(star.places[i] - star.base));
        FILE *answer = popen(command, "r");
        const char *colon = NULL;
        if (answer && fgets(text, sizeof text, answer))
            colon = strrchr(text, ':');
        line = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
        if (answer)
            pclose(answer);
    }
    return line;
}

static const char *who(int part, int child)
{
    return child ? "child" : cast[part].role;
}

/* The verdict is red: the evidence, and where the star stood. */
__attribute__((format(printf, 1, 2))) static _Noreturn void
red(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    vprintf(format, more);
    va_end(more);
    putchar('\n');
    if (star.there) {
        const char *name = star.in_call ? call_name(star.call) : NULL;
        int line = line_of_star();
        printf("(%s %s ", who(star.part, star.child),
               play->kill ? "killed" : "held");
        if (name)
            printf("before %s(2)", name);
        else
            printf(star.in_call ? "before a system call"
                   : star.late  ? "in the middle of a store"
                                : "between two steps");
        if (line > 0)
            printf(", line %d", line);
        printf(")\n");
    }
    fflush(stdout);
    clear_up();
    exit(1);
}

/* TEXT in quotation marks and on one line. There are four places. */
static inline const char *quoted(const char *text)
{
    static char texts[4][200];
    static int next;
    char *place = texts[next++ % 4], *to = place, *end = to + 190;
    *to++ = '"';
    for (; *text && to < end - 4; text++) {
        if (text[0] == '\n' && text[1] == '\0')
            continue; /* the end of the last line */
        if (*text == '\n')
            to += sprintf(to, "\\n");
        else if (iscntrl((unsigned char)*text))
            to += sprintf(to, "\\%03o", (unsigned char)*text);
        else
            *to++ = *text;
    }
    if (*text)
        to += sprintf(to, "...");
    *to++ = '"';
    *to = '\0';
    return place;
}

/* What a part has printed so far, and its children. */
static const char *text_of(const int *file, int part)
{
    static char texts[MAX_PARTS][65536];
    ssize_t n = pread(file[part], texts[part], sizeof texts[part] - 1, 0);
    texts[part][n > 0 ? n : 0] = '\0';
    return texts[part];
}
static inline const char *printed(int part)
{
    return text_of(out_of, part);
}

/* The part itself, or one of its children. */
static struct actor *actor(int part, int child)
{
    for (int i = 0; i < on_stage; i++)
        if (actors[i].part == part && actors[i].child == child)
            return &actors[i];
    return NULL;
}

/* Has it, and each child of it, ended? */
static inline bool over(int part)
{
    for (int i = 0; i < on_stage; i++)
        if (actors[i].part == part && actors[i].state != ENDED)
            return false;
    return true;
}

static const char *signal_name(int signal)
{
    switch (signal) {
    case SIGBUS:
        return "SIGBUS: behind the end of the object";
    case SIGSEGV:
        return "SIGSEGV";
    case SIGABRT:
        return "SIGABRT";
    case SIGXCPU:
        return "SIGXCPU: it burnt a processor for a minute";
    }
    return strsignal(signal);
}

/* red() if anybody goes on for ever, or died of a signal that we did not send. */
static inline void all_end_well(void)
{
    for (int i = 0; i < on_stage; i++) {
        const struct actor *a = &actors[i];
        if (a->state != ENDED)
            red("the %s %s for ever", who(a->part, a->child),
                a->spins ? "burns a processor" : "waits");
        if (WIFSIGNALED(a->status) && !a->killed)
            red("the %s died of %s", who(a->part, a->child),
                signal_name(WTERMSIG(a->status)));
    }
}

/* Let them stand still, or let them go on when they may. */
static bool others_held;
static void hold_others(bool hold)
{
    others_held = hold;
    for (int i = 0; i < on_stage; i++)
        if (actors[i].part != star.part || actors[i].child != star.child)
            actors[i].held = hold;
}

/* --- events ----------------------------------------------------------------------- */

static long moves; /* how many things have happened: who waits for one? */

/* It is at its breakpoint: take that away. */
static void come_back(struct actor *a)
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

/* What a stop tells. */
static void note(struct actor *a)
{
    int signal = WSTOPSIG(a->status), event = a->status >> 16;
    if (signal == (SIGTRAP | 0x80)) {
        struct call_info info = {0};
        ptrace(GET_SYSCALL_INFO, a->pid, sizeof info, &info);
        a->ip = info.ip;
        a->sp = info.sp;
        a->in_call = info.op == 1;
        if (a->in_call) {
            a->calls++;
            /* A signal that is ignored came: the same wait goes on. */
            if (info.is.entry.nr != SYS_restart_syscall) {
                a->call = info.is.entry.nr;
                memcpy(a->args, info.is.entry.args, sizeof a->args);
            }
            if (a->call == SYS_rt_sigreturn) /* not main(), a handler is over */
                a->runs = false;
            int64_t result;
            if (a->call != SYS_sched_yield && !timed(a, &result))
                moves++;
            note_path(a);
            return;
        }
        int64_t result = info.is.exit.value;
        if (a->expire) { /* -512 to -516: it would be called again, errno.h */
            a->expire = false;
            a->in_call = true;
            int64_t over;
            if ((result == -EINTR || (result <= -512 && result >= -516)) &&
                timed(a, &over)) {
                registers r = get_registers(a);
                RESULT(r) = (unsigned long)over;
                set_registers(a, r);
            }
            a->in_call = false;
        } else if (a->call == SYS_shmget && result >= 0) {
            note_made('m', result, "");
        } else if (a->call == SYS_semget && result >= 0) {
            note_made('s', result, "");
        }
        if (a->call == SYS_mmap || a->call == SYS_munmap ||
            a->call == SYS_shmat || a->call == SYS_shmdt ||
            a->call == SYS_mremap)
            look_at_maps(a);
    } else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
               event == PTRACE_EVENT_CLONE) {
        unsigned long pid = 0;
        ptrace(PTRACE_GETEVENTMSG, a->pid, 0, &pid);
        struct actor *born = new_actor((pid_t)pid, a->part, ++births[a->part]);
        born->call = a->call;
        look_at_maps(born);
        bool of_star = a->part == star.part && a->child == star.child;
        born->held = others_held ||
                     (born->part == star.part && born->child == star.child);
        if (ahead && born->held)
            a->held = true;
        else if (ahead && of_star)
            born->held = true;
        for (int i = 0; i < MAX_ACTORS; i++)
            if (strays[i].pid == (pid_t)pid) {
                set_status(born, strays[i].status);
                strays[i].pid = 0;
                if (!born->held)
                    resume(born, PTRACE_SYSCALL);
                break;
            }
        born->back = a->back; /* its copy of the code has it, too */
        memcpy(born->under, a->under, sizeof born->under);
    } else if (event == 0 && signal == SIGTRAP) {
        come_back(a);
    } else if (event == 0) {
        a->signal = signal;
    }
}

/* Do all who run sleep in the kernel? Each was off the processor between two
   looks, and has not left it between them: so it was off at the first, too, and
   after the last first look there was an instant at which all of them slept.
   (Who got a SIGSTOP, and waits for a SIGCONT, is in state t.) */
static bool all_asleep(void)
{
    long first[MAX_ACTORS], second;
    for (int i = 0; i < on_stage; i++)
        if (actors[i].state == RUNNING &&
            sleeps(actors[i].pid, &first[i]) !=
                (group_stopped(&actors[i]) ? 't' : 'S'))
            return false;
    for (int i = 0; i < on_stage; i++)
        if (actors[i].state == RUNNING &&
            (!off_processor(actors[i].pid) ||
             sleeps(actors[i].pid, &second) !=
                 (group_stopped(&actors[i]) ? 't' : 'S') ||
             second != first[i]))
            return false;
    return true;
}

/* Whoever has used its CPU time and got nowhere, stops. The first ones have
   more of it: they may have something to count. */
static int times;
static void stop_who_spins(void)
{
    for (int i = 0; i < on_stage; i++) {
        struct actor *a = &actors[i];
        if (a->state != RUNNING || a->spins ||
            cpu_of(a->pid) - a->cpu < (times < 3 ? 200000000 : 10000000))
            continue;
        times++;
        a->spins = true;
        a->moves = moves;
        ptrace(PTRACE_INTERRUPT, a->pid, 0, 0);
    }
}

/* Wait until one of those who run stops or ends; NULL: nobody will. */
static struct actor *next_event(void)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const struct timespec nap = {.tv_nsec = 200000};
    for (bool before = false;;) {
        sched_yield(); /* they are on our processor: let them */
        int status;
        pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);
        struct actor *a = pid > 0 ? actor_of(pid) : NULL;
        if (a) {
            set_status(a, status);
            if (a->state == ENDED)
                moves++;
            return a;
        }
        if (pid > 0) {
            int i = 0;
            while (i < MAX_ACTORS - 1 && strays[i].pid != 0)
                i++;
            strays[i].pid = pid;
            strays[i].status = status;
            continue;
        }
        bool all = all_asleep();
        if (all && before) /* and no SIGCONT came before the first look */
            return NULL;
        before = all;
        if (all)
            continue;
        stop_who_spins();
        if (nanoseconds(CLOCK_MONOTONIC) > deadline)
            red("the check gives up: there is no end to it");
        sigtimedwait(&child, NULL, &nap);
        if (stopped_by) {
            clear_up();
            _exit(128 + stopped_by);
        }
    }
}

static void go_on(struct actor *a)
{
    a->spins = false;
    a->calls = 0;
    a->cpu = cpu_of(a->pid);
    resume(a, PTRACE_SYSCALL);
}

/* Has it made one call after the other, and did not once sleep? To stop at each
   takes so long that its CPU time would not be used up for seconds. */
static bool spins_in_calls(struct actor *a)
{
    if (!a->in_call || a->calls <= (times < 3 ? 2000 : 100))
        return false;
    times++;
    a->spins = true;
    a->moves = moves;
    return true;
}

/* Let all go on who are not held, until nobody can. Then, if time may pass, it
   does: the waits with a timeout are over, and so on. */
static void settle(bool time_passes)
{
    int rounds = 0;
    for (int i = 0; i < on_stage; i++) {
        actors[i].naps = 0;
        if (actors[i].state == STOPPED && !actors[i].held)
            go_on(&actors[i]);
    }
    for (;;) {
        struct actor *a;
        while ((a = next_event())) {
            if (a->state != STOPPED)
                continue;
            note(a);
            /* Its next call takes the interruption's place, ptrace(2). */
            bool parked = a->spins &&
                          (a->in_call || a->status >> 16 == PTRACE_EVENT_STOP);
            if (!a->held && !parked && !spins_in_calls(a))
                resume(a, PTRACE_SYSCALL);
        }
        bool again = false;
        /* Who burns CPU may have waited for what has happened since. */
        for (int i = 0; i < on_stage; i++)
            if (actors[i].state == STOPPED && !actors[i].held &&
                actors[i].moves != moves && rounds < 10) {
                go_on(&actors[i]);
                again = true;
            }
        rounds += again;
        int64_t result;
        /* In turns: who looks again and again leaves time to the others. */
        struct actor *next = NULL;
        for (int i = 0; i < on_stage && time_passes && !again; i++) {
            a = &actors[i];
            if (a->state == RUNNING && timed(a, &result) &&
                a->naps < (next ? next->naps : MAX_NAPS))
                next = a;
        }
        if (next) {
            next->naps++;
            next->calls = 0;
            next->expire = true;
            ptrace(PTRACE_INTERRUPT, next->pid, 0, 0);
            again = true;
        }
        if (!again)
            return;
    }
}

/* --- the star ------------------------------------------------------------------- */

static struct place {
    uint64_t ip, sp;
    int times;
} places[MAX_SEEN];
static int many_places;

/* Is it one of the first TIMES that the star comes here? */
static bool new_place(uint64_t ip, uint64_t sp, int most)
{
    int i = 0;
    while (i < many_places && (places[i].ip != ip || places[i].sp != sp))
        i++;
    if (i == MAX_SEEN)
        return false;
    if (i == many_places)
        places[many_places++].times = 0;
    places[i].ip = ip;
    places[i].sp = sp;
    return ++places[i].times <= most;
}

/* Each run brings the star to an instant that comes just after the one of the
   run before. So it need not be stepped through all that came before: it goes on
   quickly, from one system call to the next, to the last one that the run before
   has passed, and knows what had been reached up to there. */
static struct mark {
    int calls; /* which call of the star's; 0: no mark */
    uint64_t call, ip, sp;
    int reached; /* instants, up to there */
    struct place places[MAX_SEEN];
    int many_places;
} mark;
static int reached;   /* instants of the star in this run */
static int calls_yet; /* system calls of the star in this run */
static bool quickly;  /* it is on its way to the mark */
static bool lost;     /* it did not get there: this run is made again */

static void set_mark(const struct actor *a)
{
    mark.calls = calls_yet;
    mark.call = a->call;
    mark.ip = a->ip;
    mark.sp = a->sp;
    mark.reached = reached;
    memcpy(mark.places, places, (size_t)many_places * sizeof places[0]);
    mark.many_places = many_places;
}

/* It is before one call more. */
static void look_for_mark(const struct actor *a)
{
    if (calls_yet < mark.calls)
        return;
    quickly = false;
    if (mark.call != a->call || mark.ip != a->ip || mark.sp != a->sp)
        lost = true; /* it went another way, or its addresses are random */
    reached = mark.reached;
    memcpy(places, mark.places, (size_t)mark.many_places * sizeof places[0]);
    many_places = mark.many_places;
}

/* The places in the star's own code from which it calls the C library. To step
   through printf(3) takes thousands of steps; a call that was seen to change no
   shared memory is let run to its end, a breakpoint where it comes back. If it
   changes some then, that run is made again. What one explore() has found out,
   the next one with the same star knows. */
enum { UNKNOWN, QUIET, CHANGES };
static struct site {
    uint64_t back; /* where it comes back to; 0: main() is over */
    const struct play *play;
    int part, child;
    int what;
} sites[512];
static int many_sites;
static bool surprised; /* what was taken for quiet is not */

static struct site *site_of(uint64_t back)
{
    int i = 0;
    while (i < many_sites &&
           (sites[i].back != back || sites[i].play != play ||
            sites[i].part != star.part || sites[i].child != star.child))
        i++;
    if (i == (int)(sizeof sites / sizeof sites[0]))
        return NULL;
    if (i == many_sites)
        sites[many_sites++] =
            (struct site){back, play, star.part, star.child, UNKNOWN};
    return &sites[i];
}

static bool own_code(const struct actor *a, uint64_t ip)
{
    return ip >= a->text && ip < a->text_end;
}

/* Is its next instruction a system call? Its own code does not change, and is
   read once: every run is one of the same program. */
static bool at_call(const struct actor *a)
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

/* It has just left its own code: for how long? Sets a breakpoint if it is to
   run until it comes back. */
static struct site *leave(struct actor *a)
{
    uint64_t back = 0;
    if (!peek(a, a->sp, &back, sizeof back) || !own_code(a, back))
        back = 0; /* nothing of ours called this: main() is over */
    struct site *site = site_of(back ? back - a->base : 0);
    if (!site || site->what != QUIET)
        return site;
    if (back == 0)
        a->runs = true;
    else if (peek(a, back, a->under, sizeof BREAK - 1) &&
             poke(a, back, BREAK, sizeof BREAK - 1))
        a->back = back;
    return site;
}

enum moved { INSTANT, CAME_BACK, STUCK, GONE };

/* Let the star alone go on to its next instant, or to the end of the call that
   it is in; then whoever it woke comes to rest. */
static enum moved advance(struct actor *a, bool fine)
{
    bool entered = a->in_call, stepped = false;
    shared_changed(a);      /* by others, since it stood still */
    registers before = {0}; /* those of an earlier step: it goes in circles */
    int look = 32;
    int calls = 0, own_steps = 0; /* so many, and nothing new: it waits */
    for (int steps = 0;
         steps < MAX_STEPS && calls < MAX_CALLS && own_steps < MAX_OWN;
         steps++) {
        if (a->state == ENDED)
            return GONE;
        a->stored = false;
        bool step = CAN_STEP && !a->in_call && !a->back && !a->runs &&
                    !quickly && a->shares > 0 && !group_stopped(a);
        bool was_own = false;
        if (step) {
            if (!stepped)
                a->ip = IP(get_registers(a));
            was_own = own_code(a, a->ip);
            step = !at_call(a);
        }
        stepped = false;
        if (step) {
            bool atomic = cast[star.part].late && atomic_at(a, a->ip);
            resume(a, PTRACE_SINGLESTEP);
            wait_for(a);
            if (a->state == ENDED)
                return GONE;
            if (a->status >> 8 != SIGTRAP) {
                note(a); /* a signal */
                continue;
            }
            registers r = get_registers(a);
            a->ip = IP(r);
            a->sp = SP(r);
            stepped = true;
            bool own = own_code(a, a->ip), changed = shared_changed(a);
            own_steps += own;
            if (!changed && memcmp(&r, &before, sizeof r) == 0)
                break;
            if (steps >= look) {
                before = r;
                look *= 2;
            }
            if (own && a->site) {
                if (a->site->what == UNKNOWN)
                    a->site->what = QUIET;
                a->site = NULL;
            } else if (was_own && !own) {
                a->site = leave(a);
            }
            if (changed && a->site)
                a->site->what = CHANGES;
            a->stored = was_own && changed && !atomic && change.size > 0;
            if ((changed || (fine && own)) &&
                new_place(a->ip, a->sp, changed ? 2 : 1)) {
                reached++;
                return INSTANT;
            }
            continue;
        }
        calls++;
        a->spins = false;
        a->cpu = cpu_of(a->pid);
        resume(a, PTRACE_SYSCALL);
        settle(false);
        if (a->state == RUNNING)
            return STUCK; /* it sleeps in its call */
        if (a->state == ENDED)
            return GONE;
        if ((a->spins && a->status >> 16 == PTRACE_EVENT_STOP) ||
            spins_in_calls(a))
            return STUCK;
        bool changed = shared_changed(a); /* or by whoever it woke */
        if (a->in_call && !entered) {
            calls_yet++;
            if (quickly) {
                look_for_mark(a);
            } else {
                bool new = new_place(a->ip, a->sp, 2);
                reached += new;
                set_mark(a);
                if (new)
                    return INSTANT;
            }
        }
        if (!a->in_call && entered)
            return CAME_BACK;
        entered = a->in_call;
        if (a->came_back) {
            a->came_back = false;
            if (changed && a->site && a->site->what == QUIET) {
                a->site->what = CHANGES; /* next time, step by step */
                surprised = true;
            }
            a->site = NULL;
            if ((changed || fine) && new_place(a->ip, a->sp, changed ? 2 : 1)) {
                reached++;
                return INSTANT;
            }
        }
    }
    a->spins = true;
    return STUCK;
}

static void enter(int part)
{
    char *argv[MAX_WORDS + 2] = {(char *)program};
    const struct part *p = &cast[part];
    for (int i = 0; i < MAX_WORDS && p->words[i]; i++)
        argv[i + 1] = (char *)p->words[i];
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (p->input) {
        in = memfd_create("input", MFD_CLOEXEC);
        if (write(in, p->input, strlen(p->input)) == -1 ||
            lseek(in, 0, 0) == -1)
            err(2, "input");
    }
    out_of[part] = memfd_create("output", MFD_CLOEXEC);
    log_of[part] = memfd_create("log", MFD_CLOEXEC);
    /* Where two processes write to it at once, no line is to be lost. */
    if (fcntl(out_of[part], F_SETFL, O_APPEND) == -1 ||
        fcntl(log_of[part], F_SETFL, O_APPEND) == -1)
        err(2, "fcntl");
    struct actor *a = launch(part, argv, in, out_of[part], log_of[part]);
    a->held = part == star.part && star.child == 0;
    close(in);
}

/* One more part, when the others are over; what it prints. */
static inline const char *afterwards(struct part part)
{
    if (parts == MAX_PARTS)
        errx(2, "too many parts");
    cast[parts++] = part;
    enter(parts - 1);
    settle(true);
    return printed(parts - 1);
}

/* All others may go on, and who is not there yet, comes. */
static void enter_others(void)
{
    ahead = false;
    for (int i = 0; i < on_stage; i++)
        if (actors[i].part != star.part || actors[i].child != star.child)
            actors[i].held = false;
    for (int i = 0; i < parts; i++)
        if (!actor(i, 0) && (!play->alone || i == star.part))
            enter(i);
}

/* Bring the star to its Nth instant. False: it has less. */
static bool seek(int n)
{
    int stuck = 0, naps = 0; /* a nap is over in time; who waits is stuck */
    bool born = false;
    quickly = mark.calls > 0 && mark.reached < n;
    reached = calls_yet = 0;
    while (stuck < 4 && !lost) {
        struct actor *a = actor(star.part, star.child);
        if (!a || (a->state == RUNNING && !born)) {
            settle(true); /* its parent is on its way */
            stuck++;
            continue;
        }
        if (a->state == ENDED)
            break;
        enum moved moved = INSTANT;
        if (!born) {
            born = true; /* its first instant: it has not begun */
            reached++;
        } else if (a->state == STOPPED) {
            if (play->solo)
                hold_others(true);
            moved = advance(a, cast[star.part].fine);
            if (play->solo)
                hold_others(false);
        } else {
            moved = STUCK;
        }
        if (moved == GONE)
            break;
        if (moved == INSTANT && reached == n && !quickly)
            return true;
        if (moved == STUCK && quickly && a->spins)
            break; /* to step through a loop takes less time */
        if (moved != STUCK)
            stuck = 0;
        else if (!a->spins && a->state == RUNNING && naps < MAX_NAPS * 8)
            naps++;
        else
            stuck++;
        if (moved != CAME_BACK)
            a->calls = 0;
        if (moved == STUCK) { /* it needs the others */
            enter_others();
            settle(true);
            stuck += a->state == RUNNING; /* it did not wake */
        }
    }
    lost = lost || quickly;
    return false;
}

static void hold_star(void)
{
    struct actor *a = actor(star.part, star.child);
    star.there = true;
    star.in_call = a->in_call;
    star.call = a->call;
    star.base = a->base > 0x400000 ? a->base : 0;
    memset(star.places, 0, sizeof star.places);
    int n = 0;
    if (own_code(a, a->ip))
        star.places[n++] = a->ip;
    uint64_t stack[256];
    size_t words = 256;
    while (words > 8 && !peek(a, a->sp, stack, words * sizeof stack[0]))
        words /= 2;
    for (size_t i = 0; i < words && words > 8 && n < 8; i++)
        if (stack[i] > a->text && stack[i] < a->text_end)
            star.places[n++] = stack[i] - 1;
}

/* The name of a POSIX object for this check alone; what the student's program
   makes of it ("sem.NAME", "NAME.lock") is removed at the end of each run. */
static inline const char *object(const char *what)
{
    static char names[4][64];
    static int next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof names[0], "/%s%s", tag, what);
    return name;
}

/* A file in /dev/shm that is ours, or NULL. */
static const char *left_over(void)
{
    static char name[NAME_MAX + 1];
    DIR *all = opendir("/dev/shm");
    struct dirent *one = NULL;
    while (all && (one = readdir(all)) && !strstr(one->d_name, tag))
        continue;
    snprintf(name, sizeof name, "%s", one ? one->d_name : "");
    if (all)
        closedir(all);
    return one ? name : NULL;
}

static void remove_objects(void)
{
    const char *name;
    char path[NAME_MAX + 16];
    do {
        name = left_over();
        snprintf(path, sizeof path, "/dev/shm/%s", name ? name : "");
    } while (name && unlink(path) == 0);
}

static void end_run(void)
{
    kill_all();
    if (!preparing) {
        remove_made();
        remove_objects();
    }
    for (int i = 0; i < parts; i++) {
        if (out_of[i] > 0)
            close(out_of[i]);
        if (log_of[i] > 0)
            close(log_of[i]);
        out_of[i] = log_of[i] = births[i] = 0;
    }
    many_places = 0;
    star.part = -1;
    star.there = star.late = false;
}

/* All on one processor, which is at leisure now: to wake somebody on another
   one takes ten times as long, and of all only one has something to do. */
static void take_a_processor(void)
{
    static cpu_set_t all;
    if (CPU_COUNT(&all) == 0)
        sched_getaffinity(0, sizeof all, &all);
    sched_setaffinity(0, sizeof all, &all);
    nanosleep(&(struct timespec){.tv_nsec = 1}, NULL);
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET((size_t)sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
}

static void begin_run(const struct play *this_play)
{
    take_a_processor();
    if (this_play->prepare) { /* which may perform something itself */
        preparing = true;
        this_play->prepare();
        preparing = false;
    }
    play = this_play;
    for (parts = 0; parts < MAX_PARTS && play->parts[parts].role; parts++)
        cast[parts] = play->parts[parts];
}

/* The play as it comes, with nobody held. */
static inline void perform(const struct play *this_play)
{
    begin_run(this_play);
    for (int i = 0; i < parts; i++)
        enter(i);
    settle(true);
    play->judge();
    end_run();
}

/* The other parts come when the star is there, or are there already. Its parent
   and its children go on as they can; or they stand still, too, from the fork on,
   till the star is there or has to wait for them. */
enum order { STAR_FIRST, STAR_LAST, STAR_AHEAD };

/* Hold this part, or its Nth child, at one instant after the other. Returns how
   many there were. */
static inline int explore(const struct play *this_play, int part, int child,
                          enum order order)
{
    bool again = false; /* the same instant, and its store is late */
    bool straight = true;
    mark.calls = 0;
    for (int n = 1;;) {
        bool then = again;
        begin_run(this_play);
        surprised = lost = false;
        star.part = part;
        star.child = child;
        ahead = order == STAR_AHEAD;
        if (order == STAR_LAST) {
            for (int i = 0; i < parts; i++)
                if (i != part && !play->alone)
                    enter(i);
            settle(true);
        }
        enter(part);
        bool there = seek(n);
        if (there) {
            instants++;
            hold_star();
            struct actor *a = actor(part, child);
            star.late = again && a->stored;
            again = !again && a->stored && cast[part].late && !play->kill;
            if (star.late)
                poke(a, change.at, change.was, change.size);
            enter_others();
            settle(true);
            if (star.late) { /* it arrives, and the star is still away */
                poke(a, change.at, change.is, change.size);
                settle(true);
            }
            if (play->kill) {
                a->killed = true;
                kill(a->pid, SIGKILL);
                while (a->state != ENDED)
                    wait_for(a);
                settle(true);
            }
            if (play->held)
                play->held();
        } else {
            enter_others();
        }
        for (int i = 0; i < on_stage; i++)
            actors[i].held = false;
        settle(true);
        play->judge();
        end_run();
        straight = straight && !lost;
        if (surprised || !straight)
            mark.calls = 0;
        if (surprised || lost) /* it is made again */
            again = then;
        else if (!there || n == play->most)
            return there ? n : n - 1;
        else
            n += !again;
    }
}

/* --- the check as a whole ----------------------------------------------------------- */

static void clear_up(void)
{
    preparing = false;
    end_run();
}

static void stop_check(int signal)
{
    stopped_by = signal;
}

/* check PROGRAM: in a folder of its own, which is the current one. */
static void begin(int argc, char **argv)
{
    if (argc != 2)
        errx(2, "usage: %s PROGRAM", argv[0]);
#ifdef UNKNOWN_MACHINE
    no_verdict(77, "the checks do not know this processor");
#endif
    program = realpath(argv[1], NULL);
    if (!program)
        err(2, "%s", argv[1]);
    if (!getcwd(folder, sizeof folder))
        err(2, "getcwd");
    snprintf(tag, sizeof tag, "lab.%d.", (int)getpid());
    setenv("LD_BIND_NOW", "1",
           1); /* no lazy binding between two steps, ld.so(8) */
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    struct sigaction stop = {.sa_handler = stop_check};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    began = time(NULL);
    const char *seconds = getenv("CHECK_SECONDS");
    deadline = nanoseconds(CLOCK_MONOTONIC) +
               1000000000 * (seconds ? strtol(seconds, NULL, 10) : 60);
}

__attribute__((format(printf, 1, 2))) static _Noreturn void
green(const char *format, ...)
{
    if (instants == 0)
        no_verdict(2, "the check has held nobody at any instant");
    va_list more;
    va_start(more, format);
    vprintf(format, more);
    va_end(more);
    printf(", at %d instants\n", instants);
    exit(0);
}

#endif
