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
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char wanted[20000];
static bool begun;  /* the child was held before its first step */
static bool waited; /* the child had printed all, and waited for more */

static void look_at_who_waits(void)
{
    const struct process *child = process_of(0, 1);
    if (delayed.child == 1 && !begun && printed(0)[0] != '\0')
        fail("printed is %s, and the child has not begun", quoted(printed(0)));
    begun = begun || delayed.child == 1;
    if (delayed.child == 0 && child && child->state == RUNNING &&
        strcmp(printed(0), wanted) == 0)
        waited = true;
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
    compare(wanted, printed(0));
    if (left_behind())
        fail("both have ended, and left something in ipcs");
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
    .judge = judge,
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

int main(int argc, char **argv)
{
    begin(argc, argv);
    int some = (int)any(1000);
    /* The same line twice is two lines, and an end of the input is a quit. */
    snprintf(wanted, sizeof wanted, "hi, %d\nhi, %d\n", some, some);
    snprintf(input, sizeof input, "%s", wanted);
    run_once(&alone);
    for (int i = 0, at = 0; i < 250; i++)
        at +=
            snprintf(wanted + at, sizeof wanted - (size_t)at, "%d\n", some + i);
    snprintf(input, sizeof input, "%s", wanted);
    explore(&ahead_by_far, 0, 1, DELAYED_ALONE);
    snprintf(wanted, sizeof wanted, "no, %d\n", some);
    snprintf(input, sizeof input, "%squit\nno\n", wanted);
    explore(&meeting, 0, 1, DELAYED_ALONE);
    explore(&meeting, 0, 0, DELAYED_ALONE);
    explore(&two_runs, 0, 0, DELAYED_FIRST);
    explore(&two_runs, 0, 1, DELAYED_FIRST);
    if (!waited)
        fail("the child does not wait for lines: it comes too late");
    pass("who waited slept until it was woken");
}
