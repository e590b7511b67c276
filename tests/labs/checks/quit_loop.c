/*
 * quit_loop - does who waits sleep until it is woken?
 *
 * The parent is held at each instant, and so is the child; meanwhile the other
 * one has to sleep in the kernel. It may wake by the clock, but not more often
 * than once a second: a shell may look so whether its partner is alive. And
 * when both go on, all is printed with no clock's help: time does not pass
 * while somebody can go on, so whom only a timeout woke, nobody had woken.
 */
#include "director.h"

static char wanted[20000];
static bool begun;  /* the child was held before its first step */
static bool waited; /* the child had printed all, and waited for more */

static void look_at_who_waits(void)
{
    const struct actor *child = actor(0, 1);
    if (star.child == 1 && !begun && printed(0)[0] != '\0')
        red("printed is %s, and the child has not begun", quoted(printed(0)));
    begun = begun || star.child == 1;
    if (star.child == 0 && child && child->state == RUNNING &&
        strcmp(printed(0), wanted) == 0)
        waited = true;
    for (int i = 0; i < on_stage; i++) {
        const struct actor *a = &actors[i];
        int64_t result;
        if (a->spins && !a->held)
            red("the %s burns a processor while it waits",
                who(a->part, a->child));
        if (a->state == RUNNING && a->naps == MAX_NAPS && timed(a, &result) &&
            patience(a) < 900000000)
            red("the %s wakes %d times while nothing happens",
                who(a->part, a->child), a->naps);
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
            red("line %d, %s, was never printed", number, quoted(line));
        if (!*given)
            red("after the last line it printed %s", quoted(other));
        if (strcmp(line, other) != 0)
            red("line %d is %s, and printed was %s", number, quoted(line),
                quoted(other));
        given += length + (given[length] == '\n');
        came += size + (came[size] == '\n');
    }
}

static void judge(void)
{
    for (int i = 0; i < on_stage; i++)
        if (actors[i].spins)
            red("the %s burns a processor while it waits",
                who(actors[i].part, actors[i].child));
        else if (actors[i].naps > 0)
            red("nobody wakes the %s: it looks by the clock",
                who(actors[i].part, actors[i].child));
    all_end_well();
    for (int i = 0; i < on_stage; i++) {
        const struct actor *a = &actors[i];
        if (WEXITSTATUS(a->status) != 0)
            red("the %s ended with status %d", who(a->part, a->child),
                WEXITSTATUS(a->status));
    }
    if (!actor(0, 1))
        red("there is no child");
    compare(wanted, printed(0));
    for (int i = 0; i < many_made; i++)
        if (still_there(made[i]))
            red("both have ended, and left something in ipcs");
}

static char input[sizeof wanted + 20];
/* The parent is hundreds of lines ahead, if it can be: none of them is lost. */
static const struct play ahead_by_far = {
    .parts = {{.role = "parent", .input = input}},
    .judge = judge,
    .most = 1,
};
static const struct play alone = {
    .parts = {{.role = "parent", .input = input}},
    .judge = judge,
};
static const struct play meeting = {
    .parts = {{.role = "parent", .input = input, .fine = true}},
    .held = look_at_who_waits,
    .judge = judge,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    int some = getpid() % 1000;
    /* The same line twice is two lines, and an end of the input is a quit. */
    snprintf(wanted, sizeof wanted, "hi, %d\nhi, %d\n", some, some);
    snprintf(input, sizeof input, "%s", wanted);
    perform(&alone);
    for (int i = 0, at = 0; i < 250; i++)
        at +=
            snprintf(wanted + at, sizeof wanted - (size_t)at, "%d\n", some + i);
    snprintf(input, sizeof input, "%s", wanted);
    explore(&ahead_by_far, 0, 1, STAR_AHEAD);
    snprintf(wanted, sizeof wanted, "no, %d\n", some);
    snprintf(input, sizeof input, "%squit\nno\n", wanted);
    explore(&meeting, 0, 1, STAR_AHEAD);
    explore(&meeting, 0, 0, STAR_AHEAD);
    if (!waited)
        red("the child does not wait for lines: it comes too late");
    green("who waited slept until it was woken");
}
