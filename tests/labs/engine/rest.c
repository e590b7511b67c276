/*
 * rest.c - let all go on until nobody can: each has ended, or sleeps
 *
 * That all sleep is no guess: they do if, twice in a row, each of them is found
 * asleep and has not been on a processor in between. A process that never sleeps
 * has its share of CPU time, or of system calls, and is then stopped.
 *
 * No wall clock decides anything. A check that goes on forever is ended by the
 * number of its steps, which is the same on every machine; where nothing at all
 * happens for a minute, and nobody is asleep, the machine is busy: no verdict.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum {
    /* CPU time after which a process that never sleeps is stopped. The first
       ones have more: they may have something to count. */
    SPIN_FIRST = 200000000,
    SPIN = 10000000, /* ns */
    /* And so many system calls without a sleep; to stop at each of them takes so
       long that its CPU time would not be used up for seconds. */
    CALLS_FIRST = 2000,
    CALLS = 100,
    /* And so much more for each thing that it has to do, engine.h: .busy */
    SPIN_EACH = 50000, /* ns */
    CALLS_EACH = 10,
    PATIENT_ONES = 3, /* how many are the first ones */
    /* A process that burnt CPU is tried again when something has happened since:
       two that wait for each other by turns take so many turns at most. */
    TURNS = 10
};

static int spinners; /* found so far, in the whole check */

void hold_others(bool hold)
{
    others_held = hold;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part != delayed.part ||
            processes[i].child != delayed.child)
            processes[i].held = hold;
}

/* --- rest ------------------------------------------------------------------------ */

/* Do all who run sleep in the kernel? Each was off the processor between two
   looks, and has not left it between them: so it was off at the first, too, and
   after the last first look there was an instant at which all of them slept. A
   process says that it sleeps before it looks for the last time at what it waits
   for; so it is asked, too, whether it is off the processor. */
static bool all_asleep(void)
{
    long first[MAX_PROCESSES], second;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].state == RUNNING &&
            (processes[i].changed || !asleep(&processes[i], &first[i])))
            return false; /* if changed: its sleep is over in no time */
    for (int i = 0; i < many_processes; i++)
        if (processes[i].state == RUNNING &&
            (!off_processor(processes[i].pid) ||
             !asleep(&processes[i], &second) || second != first[i]))
            return false;
    return true;
}

static void found_spinning(struct process *a)
{
    spinners++;
    a->spins = true;
    a->progress = progress;
}

/* Whoever has used its CPU time and got nowhere, stops. */
static void stop_who_spins(void)
{
    for (int i = 0; i < many_processes; i++) {
        struct process *a = &processes[i];
        const int64_t share = spinners < PATIENT_ONES ? SPIN_FIRST : SPIN;
        const int64_t more = parts[a->part].busy * (int64_t)SPIN_EACH;
        if (a->state != RUNNING || a->spins ||
            cpu_of(a->pid) - a->cpu < share + more)
            continue;
        if (a->progress != progress) { /* it may be what it waits for */
            a->progress = progress;
            a->cpu = cpu_of(a->pid);
            continue;
        }
        found_spinning(a);
        ptrace(PTRACE_INTERRUPT, a->pid, 0, 0);
    }
}

/* Has it made one call after the other, and did not once sleep? */
bool spins_in_calls(struct process *a)
{
    const int share = spinners < PATIENT_ONES ? CALLS_FIRST : CALLS;
    if (!a->in_call || a->calls <= share + parts[a->part].busy * CALLS_EACH)
        return false;
    if (a->deaths != deaths) { /* it may not have seen what that one has done */
        a->deaths = deaths;
        a->calls = 0;
        return false;
    }
    found_spinning(a);
    return true;
}

bool interrupted(const struct process *a)
{
    return a->spins && a->status >> 16 == PTRACE_EVENT_STOP;
}

/* Is it where a spinner is left? Its next call takes the interruption's place,
   ptrace(2). */
static bool parked(const struct process *a)
{
    return a->spins && (a->in_call || interrupted(a));
}

/* The next stop or end that there is to be heard of; NULL: none now. */
static struct process *poll_event(void)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
        struct process *a = process_with(pid);
        if (!a) {
            note_stray(pid, status);
            continue;
        }
        set_status(a, status);
        progress += a->state == ENDED;
        return a;
    }
    return NULL;
}

/* Wait until one of those who run stops or ends; NULL: nobody will. */
static struct process *next_event(void)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const struct timespec nap = {.tv_nsec = 200000};
    const int64_t since = nanoseconds(CLOCK_MONOTONIC);
    for (bool before = false;;) {
        sched_yield(); /* they are on our processor: let them */
        struct process *a = poll_event();
        if (a) {
            count_step();
            return a;
        }
        bool all = all_asleep();
        if (all && before) /* and no SIGCONT came before the first look */
            return NULL;
        before = all;
        if (all)
            continue;
        stop_who_spins();
        sigtimedwait(&child, NULL, &nap);
        look_at_clock(since);
    }
}

void go_on(struct process *a)
{
    a->spins = false;
    a->calls = 0;
    a->cpu = cpu_of(a->pid);
    resume(a, PTRACE_SYSCALL);
}

static void run_to_rest(void)
{
    struct process *a;
    while ((a = next_event())) {
        if (a->state != STOPPED)
            continue;
        note(a);
        if (a->attempts > 0 && a->in_call && !a->held)
            hurry(a);
        if (!a->held && !parked(a) && (a->attempts > 0 || !spins_in_calls(a)))
            resume(a, PTRACE_SYSCALL);
    }
    for (int i = 0; i < many_processes; i++)
        if (!processes[i].held)
            processes[i].attempts = 0;
}

/* Who burns CPU may have waited for what has happened since. */
static bool retry_spinners(void)
{
    bool any = false;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].state == STOPPED && !processes[i].held &&
            processes[i].progress != progress) {
            go_on(&processes[i]);
            any = true;
        }
    return any;
}

/* Time passes for one of those who wait with a timeout. In turns: a process that
   looks again and again leaves time to the others. */
static bool let_time_pass(void)
{
    struct process *next = NULL;
    int64_t result;
    for (int i = 0; i < many_processes; i++) {
        struct process *a = &processes[i];
        if (a->state == RUNNING && (a->alarm || timed(a, &result)) &&
            a->expiries < (next ? next->expiries : EXPIRIES))
            next = a;
    }
    if (!next)
        return false;
    pass_time(next);
    next->expiries++;
    next->calls = 0;
    if (!timed(next, &result)) { /* only a timer of its own will wake it */
        kill(next->pid, SIGALRM);
        return true;
    }
    next->expire = true;
    ptrace(PTRACE_INTERRUPT, next->pid, 0, 0);
    return true;
}

void quiesce(bool time_passes)
{
    for (int i = 0; i < many_processes; i++) {
        processes[i].expiries = 0;
        if (processes[i].state == STOPPED && !processes[i].held)
            go_on(&processes[i]);
    }
    int turns = 0;
    do
        run_to_rest();
    while ((turns < TURNS && retry_spinners() && ++turns) ||
           (time_passes && (let_time_pass() || let_try())));
}
