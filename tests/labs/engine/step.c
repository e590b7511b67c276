/*
 * step.c - bring a process to its next instant
 *
 * An instant is before a system call, or after a store that changed memory which
 * the process shares; in a part that is `fine`, before each instruction of its own
 * code, too. A place in the code counts the first TWICE times that it is reached,
 * such an instruction ONCE: what a loop does it does the second time as well.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { ONCE = 1, TWICE = 2 };
enum {
    /* So much, and no new instant: it waits for somebody. printf(3) takes 1,000
       to 3,000 instructions, no lab's loop over a text more than 512 own ones. */
    STEPS_AT_ONCE = 20000,
    OWN_STEPS_AT_ONCE = 2000,
    CALLS_AT_ONCE = 500,
    /* The registers are compared with those of a step before, at 32, 64, 128 ...:
       if they are the same, and nothing has changed, it goes in circles. */
    FIRST_LOOK = 32,
    MAX_SITES = 512
};

/* Is it one of the first TIMES that the process comes here? */
static bool is_new_place(struct walk *w, uint64_t ip, uint64_t sp, int most)
{
    int i = 0;
    while (i < w->many && (w->seen[i].ip != ip || w->seen[i].sp != sp))
        i++;
    if (i == MAX_SEEN)
        return false;
    if (i == w->many)
        w->seen[w->many++].times = 0;
    w->seen[i].ip = ip;
    w->seen[i].sp = sp;
    return ++w->seen[i].times <= most;
}

/* --- the way to an instant that is known already -------------------------------- */

/* Each run brings the delayed process to an instant that comes just after the one
   of the run before. So it need not be stepped through all that came before: it
   goes on quickly, from one system call to the next, to the last one that the run
   before has passed, and knows what had been reached up to there. */
static struct mark {
    int calls; /* which call of its; 0: no mark */
    uint64_t call, ip, sp;
    int reached; /* instants, up to there */
    bool acted;
    struct place seen[MAX_SEEN];
    int many;
} mark;

void forget_mark(void)
{
    mark.calls = 0;
}

void begin_walk(struct walk *w, int n, bool again)
{
    w->many = w->reached = w->calls = 0;
    w->lost = w->surprised = w->acted = w->touched = false;
    w->quickly = n > 0 && mark.calls > 0 && mark.reached < n;
    w->marks_before = n > 0 ? n + !again : 0;
}

static void set_mark(const struct walk *w, const struct process *a)
{
    mark.calls = w->calls;
    mark.call = a->call;
    mark.ip = a->ip;
    mark.sp = a->sp;
    mark.reached = w->reached;
    mark.acted = w->acted;
    memcpy(mark.seen, w->seen, (size_t)w->many * sizeof w->seen[0]);
    mark.many = w->many;
}

/* It is before one call more. */
static void look_for_mark(struct walk *w, const struct process *a)
{
    if (w->calls < mark.calls)
        return;
    w->quickly = false;
    if (mark.call != a->call || mark.ip != a->ip || mark.sp != a->sp)
        w->lost = true; /* it went another way, or its addresses are random */
    w->reached = mark.reached;
    w->acted = mark.acted;
    memcpy(w->seen, mark.seen, (size_t)mark.many * sizeof w->seen[0]);
    w->many = mark.many;
}

/* --- calls of the C library --------------------------------------------------------- */

/* The places in its own code from which it calls the C library. To step through
   printf(3) takes thousands of steps; a call that was seen to change no shared
   memory is let run to its end, a breakpoint where it comes back. If it changes
   some then, that run is made again. What one explore() has found out, the next
   one of the same process knows. */
enum { UNKNOWN, QUIET, CHANGES };
struct call_site {
    uint64_t back; /* where it comes back to; 0: main() is over */
    const struct scenario *scenario;
    int part, child;
    int what;
};
static struct call_site sites[MAX_SITES];
static int many_sites;

static struct call_site *site_of(const struct process *a, uint64_t back)
{
    int i = 0;
    while (i < many_sites &&
           (sites[i].back != back || sites[i].scenario != scenario ||
            sites[i].part != a->part || sites[i].child != a->child))
        i++;
    if (i == MAX_SITES)
        return NULL;
    if (i == many_sites)
        sites[many_sites++] =
            (struct call_site){back, scenario, a->part, a->child, UNKNOWN};
    return &sites[i];
}

/* It has just left its own code: for how long? Sets a breakpoint if it is to
   run until it comes back. */
static struct call_site *leave(struct process *a)
{
    uint64_t back = 0;
    if (!peek(a, a->sp, &back, sizeof back) || !own_code(a, back))
        back = 0; /* nothing of ours called this: main() is over */
    struct call_site *site = site_of(a, back ? back - a->base : 0);
    if (!site || site->what != QUIET)
        return site;
    if (back == 0)
        a->runs = true;
    else
        set_breakpoint(a, back);
    return site;
}

/* It has stepped from its own code into a library, or back. */
static void note_border(struct process *a, bool was_own, bool own)
{
    if (own && a->site) {
        if (a->site->what == UNKNOWN)
            a->site->what = QUIET;
        a->site = NULL;
    } else if (was_own && !own) {
        a->site = leave(a);
    }
}

/* Is its next instruction, with these registers, one that reads or writes memory
   which it shares? Where that cannot be told, it may be. */
static bool touches_shared(const struct process *a, const registers *r)
{
    unsigned char code[16] = {0};
    uint64_t at = 0;
    peek(a, a->ip, code, sizeof code);
    enum operand operand = memory_operand(code, r, &at);
    for (int i = 0; i < a->shares && operand == MEMORY; i++)
        if (at + 64 > a->shared[i].at &&
            at < a->shared[i].at + a->shared[i].size)
            return true;
    return operand == UNSURE;
}

/* --- one instruction, or one system call ----------------------------------------------- */

/* On the way to one instant. */
struct path {
    bool entered; /* it was in a call before the last move */
    bool stepped; /* the last move was one instruction: its ip is known */
    int steps, own_steps, calls, look;
    registers before; /* those of an earlier step */
};

static bool is_instant(struct walk *w, const struct process *a, int most)
{
    if (parts[a->part].times > 0)
        most = parts[a->part].times;
    if (!is_new_place(w, a->ip, a->sp, most))
        return false;
    w->reached++;
    return true;
}

static bool can_step(const struct walk *w, const struct process *a)
{
    return CAN_STEP && !a->in_call && !a->back && !a->runs && !w->quickly &&
           a->shares > 0 && !group_stopped(a);
}

/* It has made a step, and these are its registers: does it go in circles? */
static bool in_circles(struct path *p, const registers *r)
{
    if (memcmp(r, &p->before, sizeof *r) == 0)
        return true;
    if (p->steps >= p->look) {
        p->before = *r;
        p->look *= 2;
    }
    return false;
}

/* ... is it at an instant? */
static bool after_step(struct walk *w, struct process *a, const registers *r,
                       bool was_own, bool changed)
{
    const struct part *part = &parts[a->part];
    const bool own = own_code(a, a->ip);
    const bool touches =
        own && (part->loads || w->reduced) && touches_shared(a, r);
    const bool looked = touches || w->touched; /* before it, and after it */
    const bool here = changed || (looked && part->loads) || (part->fine && own);
    const bool new =
        here ? is_instant(w, a, changed || looked ? TWICE : ONCE) : false;
    /* What a library looks at is not seen: it may be what is shared. */
    w->acted = w->acted || changed || (was_own && !own);
    w->acted = (w->acted && !new) || touches; /* the load is still to come */
    w->touched = touches;
    return new;
}

/* One instruction. True: it is at an instant, or goes in circles, or is gone. */
static bool step(struct walk *w, struct process *a, struct path *p,
                 enum moved *moved)
{
    const bool was_own = own_code(a, a->ip);
    const bool atomic = parts[a->part].late && atomic_at(a, a->ip);
    resume(a, PTRACE_SINGLESTEP);
    wait_for(a);
    count_step();
    *moved = GONE;
    if (a->state == ENDED)
        return true;
    if (a->status >> 8 != SIGTRAP) {
        note(a); /* a signal */
        return false;
    }
    const registers r = get_registers(a);
    a->ip = IP(r);
    a->sp = SP(r);
    p->stepped = true;
    p->own_steps += own_code(a, a->ip);
    const bool changed = shared_changed(a);
    a->spins = !changed && in_circles(p, &r);
    *moved = STUCK;
    if (a->spins)
        return true;
    note_border(a, was_own, own_code(a, a->ip));
    if (changed && a->site)
        a->site->what = CHANGES;
    a->stored = was_own && changed && !atomic && change.size > 0;
    *moved = INSTANT;
    return after_step(w, a, &r, was_own, changed);
}

/* It is back from a library call that was let run. */
static bool is_back(struct walk *w, struct process *a, bool changed)
{
    a->came_back = false;
    if (changed && a->site && a->site->what == QUIET) {
        a->site->what = CHANGES; /* next time, step by step */
        w->surprised = true;
    }
    a->site = NULL;
    return (changed || parts[a->part].fine) &&
           is_instant(w, a, changed ? TWICE : ONCE);
}

/* Does its call do or find out nothing that concerns another process? */
static bool is_private(const struct process *a)
{
    switch (a->call) {
    case SYS_brk:
    case SYS_mprotect:
    case SYS_munmap:
    case SYS_fstat:
    case SYS_newfstatat:
    case SYS_getrandom:
    case SYS_rt_sigaction:
    case SYS_rt_sigprocmask:
    case SYS_getpid:
    case SYS_gettid:
    case SYS_exit_group:
        return true;
    case SYS_mmap:
        return a->shares == 0 || (a->args[3] & MAP_ANONYMOUS);
    case SYS_write:
        return a->args[0] == 1 || a->args[0] == 2;
    }
    return tells_time(a);
}

/* It is before a system call. With two delays, an instant is left out if since the
   one before it the process has done nothing that another could notice: both lead
   to the same order of what happens between them (partial order reduction). */
static bool at_entry(struct walk *w, struct process *a)
{
    if (tells_time(a))
        return false;
    w->calls++;
    if (w->quickly) {
        look_for_mark(w, a);
        return false;
    }
    const bool new = (!w->reduced || w->acted) && is_instant(w, a, TWICE);
    if (new)
        w->acted = false;
    if (w->reached < w->marks_before)
        set_mark(w, a);
    return new;
}

/* To the next system call, or to the end of the one that it is in; then whoever
   it woke comes to rest. */
static bool run(struct walk *w, struct process *a, struct path *p,
                enum moved *moved)
{
    *moved = STUCK;
    if (w->hurries && a->in_call && !hurry(a))
        return true;
    if (w->hurries)
        a->calls = 0;
    else
        p->calls++;
    a->spins = false;
    a->cpu = cpu_of(a->pid);
    resume(a, PTRACE_SYSCALL);
    quiesce(false);
    *moved = STUCK;
    if (a->state == RUNNING) /* it sleeps in its call */
        return true;
    *moved = GONE;
    if (a->state == ENDED)
        return true;
    *moved = STUCK;
    if (interrupted(a) || spins_in_calls(a))
        return true;
    const bool changed = shared_changed(a); /* or by whoever it woke */
    w->acted = w->acted || changed || (!a->in_call && !is_private(a));
    *moved = INSTANT;
    if (a->in_call && !p->entered && at_entry(w, a))
        return true;
    *moved = CAME_BACK;
    if (!a->in_call && p->entered)
        return true;
    p->entered = a->in_call;
    *moved = INSTANT;
    return a->came_back && is_back(w, a, changed);
}

enum moved next_instant(struct walk *w, struct process *a)
{
    struct path p = {.entered = a->in_call, .look = FIRST_LOOK};
    enum moved moved;
    shared_changed(a); /* by others, since it stood still */
    for (; p.steps < STEPS_AT_ONCE && p.calls < CALLS_AT_ONCE &&
           p.own_steps < OWN_STEPS_AT_ONCE;
         p.steps++) {
        if (a->state == ENDED)
            return GONE;
        a->stored = false;
        bool steps = can_step(w, a);
        if (steps && !p.stepped)
            a->ip = IP(get_registers(a));
        steps = steps && !at_call(a);
        p.stepped = false;
        if (steps ? step(w, a, &p, &moved) : run(w, a, &p, &moved))
            return moved;
    }
    a->spins = true;
    return STUCK;
}
