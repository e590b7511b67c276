/*
 * leak - is anything left when the processes are killed?
 *
 * The parent is killed at each instant, and so is the child; the others of the
 * run go on to their end, or are killed as well. What counts is what is there
 * when all are gone, if `working` was printed before the kill.
 */
#include "director.h"

static bool all_die, working;
static char numbers[2][20], result[40];

static const char *left_behind(void)
{
    for (int i = 0; i < many_made; i++)
        if (still_there(made[i]))
            return made[i].kind == 'm'   ? "a segment stays in ipcs"
                   : made[i].kind == 's' ? "a semaphore set stays in ipcs"
                                         : "an object stays in /dev/shm";
    return NULL;
}

static void judge_end(void)
{
    all_end_well();
    if (actor(0, 0)->status != 0)
        red("the parent ended with status %d",
            WEXITSTATUS(actor(0, 0)->status));
    char wanted[60];
    snprintf(wanted, sizeof wanted, "working\n%s", result);
    if (strcmp(printed(0), wanted) != 0)
        red("wanted was %s, printed %s", quoted(wanted), quoted(printed(0)));
    if (!actor(0, 1))
        red("there is no child");
    if (left_behind())
        red("%s at the end", left_behind());
}

/* Killed: who is the star, and all others, too? */
static void strike(void)
{
    const char *text = printed(0);
    working = strncmp(text, "working\n", 8) == 0;
    if (star.child > 0 && !working)
        red("the child is there, and `working` is not said");
    for (int i = 0; i < on_stage && all_die; i++)
        if (actors[i].state != ENDED) {
            actors[i].killed = true;
            kill(actors[i].pid, SIGKILL);
            while (actors[i].state != ENDED)
                wait_for(&actors[i]);
        }
}

static void judge_death(void)
{
    if (!star.there)
        return; /* all went on to their end, as in the first run */
    all_end_well();
    if (working && left_behind())
        red("all processes are gone, and %s", left_behind());
}

#define PARTS                                                     \
    {                                                             \
        {                                                         \
            .role = "parent", .words = { numbers[0], numbers[1] } \
        }                                                         \
    }
static const struct play alone = {.parts = PARTS, .judge = judge_end};
static const struct play slow = {.parts = PARTS, .judge = judge_end};
static const struct play death = {
    .parts = PARTS,
    .held = strike,
    .judge = judge_death,
    .kill = true,
};

/* Two runs at the same time, with numbers of their own. */
static char others[20], result_of_others[40];
static void judge_both(void)
{
    all_end_well();
    char wanted[2][60];
    snprintf(wanted[0], sizeof wanted[0], "working\n%s", result);
    snprintf(wanted[1], sizeof wanted[1], "working\n%s", result_of_others);
    for (int i = 0; i < 2; i++)
        if (strcmp(printed(i), wanted[i]) != 0)
            red("of two runs at once, one printed %s", quoted(printed(i)));
    if (left_behind())
        red("%s at the end", left_behind());
}
static const struct play both = {
    .parts = {{.role = "parent", .words = {numbers[0], numbers[1]}},
              {.role = "other run", .words = {others, others}}},
    .judge = judge_both,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    int a = getpid() % 1000 + 2, b = getpid() % 77;
    snprintf(numbers[0], sizeof numbers[0], "%d", a);
    snprintf(numbers[1], sizeof numbers[1], "%d", b);
    snprintf(result, sizeof result, "%d\n", a * a + b * b);
    snprintf(others, sizeof others, "%d", a + 1);
    snprintf(result_of_others, sizeof result_of_others, "%d\n",
             2 * (a + 1) * (a + 1));
    perform(&alone);
    explore(&both, 0, 0, STAR_FIRST);
    explore(&slow, 0, 1, STAR_AHEAD); /* who does not wait for the child? */
    for (int i = 0; i < 2; i++) {
        all_die = i == 1;
        explore(&death, 0, 0, STAR_AHEAD);
        explore(&death, 0, 1, STAR_AHEAD);
    }
    green("nothing was left, whoever died");
}
