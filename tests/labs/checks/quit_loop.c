/*
 * quit_loop - does who waits sleep until it is woken?
 *
 * The parent is held at each instant, and so is the child; meanwhile the other
 * one has to sleep in the kernel. It may wake by the clock, but not more often
 * than once a second: a shell may look so whether its partner is alive. And
 * when both go on, all is printed with no clock's help: time does not pass
 * while somebody can go on, so whom only a timeout woke, nobody had woken.
 */
#include "../engine/engine.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MANY = 1100, /* lines: more than a process may have files open */
    LENGTH =
        70,   /* of each: all of them are more than a pipe or a queue holds */
    MOST = 4, /* children that are late in turn */
    NAP = 300000000,   /* ns, and two of them ... */
    SECOND = 900000000 /* ... are less than a second */
};
static char wanted[MANY * LENGTH + 1];
static int children = 1; /* how many it has; threads and helpers count */
static int printer = 1;  /* the child that prints */
static bool begun;       /* it was held before its first step */
static bool dozed;       /* both had waited for a while */

/* Nothing happens for a while. A process may still wake by a clock that is no
   argument of its wait, as of alarm(2) or timerfd_create(2): but not twice. */
static void doze(void)
{
    const int many = many_processes;
    int calls[MAX_PROCESSES] = {0}, woke[MAX_PROCESSES] = {0};
    const int64_t since = nanoseconds(CLOCK_MONOTONIC);
    for (int nap = 0; nap < 2; nap++) {
        for (int i = 0; i < many; i++)
            calls[i] = processes[i].state == RUNNING ? processes[i].calls : -1;
        nanosleep(&(struct timespec){.tv_nsec = NAP}, NULL);
        quiesce(false);
        for (int i = 0; i < many; i++)
            woke[i] += calls[i] != -1 && calls[i] != processes[i].calls;
    }
    if (nanoseconds(CLOCK_MONOTONIC) - since > SECOND)
        return; /* the machine was busy, and once a second may be twice */
    for (int i = 0; i < many; i++)
        if (woke[i] == 2)
            fail("the %s wakes again and again while nothing happens",
                 who(processes[i].part, processes[i].child));
}

static void look_at_order(void)
{
    const struct process *parent = process_of(0, 0);
    if (delayed.child == printer && !begun && printed(0)[0] != '\0')
        fail("printed is %s, and the child has not begun", quoted(printed(0)));
    if (parent->state == ENDED && strcmp(printed(0), wanted) != 0)
        fail("the parent has ended, and printed is %s", quoted(printed(0)));
}

static void look_at_who_waits(void)
{
    const bool first = delayed.child == printer && !begun;
    look_at_order();
    begun = begun || first;
    for (int i = 0; i < many_processes; i++) {
        const struct process *a = &processes[i];
        int64_t result;
        if (a->spins && !a->held)
            fail("the %s burns a processor while it waits",
                 who(a->part, a->child));
        if (a->state == RUNNING && a->expiries == EXPIRIES &&
            timed(a, &result) && patience(a) < 900000000)
            fail("the %s wakes %d times while nothing happens",
                 who(a->part, a->child), a->expiries);
    }
    if (first)
        doze();
}

/* Line for line: which is the first that is not as it was given? */
static void compare(const char *given, const char *came)
{
    for (int number = 1; *given || *came; number++) {
        size_t length = strcspn(given, "\n"), size = strcspn(came, "\n");
        char line[90], other[90];
        snprintf(line, sizeof line, "%.*s", (int)length, given);
        snprintf(other, sizeof other, "%.*s", (int)size, came);
        if (!*came)
            fail("line %d, %s, was never printed", number, quoted(line));
        if (!*given)
            fail("after the last line it printed %s", quoted(other));
        if (strcmp(line, other) != 0)
            fail("line %d is %s, and printed was %s", number, quoted(line),
                 quoted(other));
        given += length + (given[length] == '\n');
        came += size + (came[size] == '\n');
    }
}

static void judge(void)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].spins)
            fail("the %s burns a processor while it waits",
                 who(processes[i].part, processes[i].child));
        else if (processes[i].expiries > 0)
            fail("nobody wakes the %s: it looks by the clock",
                 who(processes[i].part, processes[i].child));
    all_end_well();
    for (int i = 0; i < many_processes; i++) {
        const struct process *a = &processes[i];
        if (WEXITSTATUS(a->status) != 0)
            fail("the %s ended with status %d", who(a->part, a->child),
                 WEXITSTATUS(a->status));
    }
    if (!process_of(0, 1))
        fail("there is no child");
    if (process_of(0, 0)->prints)
        fail("the parent prints, and not the child");
    compare(wanted, printed(0));
    if (left_behind())
        fail("both have ended, and %s", left_behind());
}

/* Which of its children is the one that prints? */
static void judge_alone(void)
{
    bool reads = false; /* somebody else */
    judge();
    for (int i = 0; i < many_processes; i++) {
        const struct process *a = &processes[i];
        if (a->child > children)
            children = a->child;
        if (a->prints)
            printer = a->child;
    }
    for (int i = 0; i < many_processes; i++)
        reads = reads || (processes[i].reads && processes[i].child != printer);
    if (!reads && process_of(0, printer)->reads)
        fail("the child reads the lines itself");
}

/* Stdin stays open: each line is printed before there is another one, and "quit"
   ends it. */
static void judge_open(void)
{
    if (strcmp(printed(0), wanted) != 0)
        fail("it waits for more, given was %s, and printed is %s",
             quoted(wanted), quoted(printed(0)));
    if (!dozed)
        doze();
    dozed = true;
    give(0, "quit\n");
    quiesce(true);
    judge();
}

static char input[sizeof wanted + 20];
/* The parent is hundreds of lines ahead, if it can be: none of them is lost. */
static const struct scenario ahead_by_far = {
    .parts = {{.role = "parent", .input = input}},
    .judge = judge,
    .most = 1,
};
static const struct scenario alone = {
    .parts = {{.role = "parent", .input = input}},
    .judge = judge_alone,
};
static const struct scenario stays_open = {
    .parts = {{.role = "parent", .input = input, .pipes = true, .late = true}},
    .judge = judge_open,
    .no_attempts = true,
};
static const struct scenario meeting = {
    .parts = {{.role = "parent", .input = input, .fine = true}},
    .while_held = look_at_who_waits,
    .judge = judge,
};

/* Two runs at the same time, with nothing in common. */
static void judge_both(void)
{
    judge();
    if (strcmp(printed(1), "another\n") != 0)
        fail("of two runs at once, one was given \"another\", and printed %s",
             quoted(printed(1)));
}
static const struct scenario two_runs = {
    .parts = {{.role = "parent", .input = input},
              {.role = "other run", .input = "another\nquit\n"}},
    .judge = judge_both,
};
/* ... but for the last 8 bits of their ids, which are all that ftok(3) takes. */
static const struct scenario two_alike = {
    .parts = {{.role = "parent", .input = input},
              {.role = "other run", .input = "another\nquit\n"}},
    .judge = judge_both,
    .alike = true,
    .most = 1,
};

static void give_lines(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void give_lines(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    vsnprintf(wanted, sizeof wanted, format, more);
    va_end(more);
    snprintf(input, sizeof input, "%s", wanted);
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    int some = (int)any(1000);
    /* The same line twice is two lines, and an end of the input is a quit. */
    give_lines("hi, %d\nhi, %d\n", some, some);
    run_once(&alone);
    give_lines("\n%%d%%s%%n%d\n  two  words \nquitter\n quit\n%078d\nthe end",
               some, some);
    run_once(&alone);
    give_lines("one, %d\ntwo\n3\n", some);
    run_once(&stays_open);
    for (int i = 0; i < MANY; i++)
        snprintf(wanted + (size_t)i * LENGTH, LENGTH + 1, "%0*d\n", LENGTH - 1,
                 some + i);
    snprintf(input, sizeof input, "%s", wanted);
    explore(&ahead_by_far, 0, printer, DELAYED_ALONE);
    give_lines("no, %d\n", some);
    snprintf(input, sizeof input, "%squit\nno\n", wanted);
    for (int child = 1; child <= children && child <= MOST; child++)
        explore(&meeting, 0, child, DELAYED_ALONE);
    explore(&meeting, 0, 0, DELAYED_ALONE);
    explore(&two_runs, 0, 0, DELAYED_FIRST);
    explore(&two_runs, 0, printer, DELAYED_FIRST);
    explore(&two_alike, 0, printer, DELAYED_FIRST);
    give_lines("one, %d\ntwo\n3\n", some);
    explore(&stays_open, 0, 0, DELAYED_ALONE);
    pass("who waited slept until it was woken");
}
