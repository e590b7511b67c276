/*
 * leak - is anything left when the processes are killed?
 *
 * The parent is killed at each instant, and so is the child; the others of the
 * run go on to their end, or are killed as well. What counts is what is there
 * when all are gone, if `working` was printed before the kill.
 */
#include "../engine/engine.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static bool all_die, working;
static char numbers[2][20], result[40];

static void judge_end(void)
{
    all_end_well();
    if (process_of(0, 0)->status != 0)
        fail("the parent ended with status %d",
             WEXITSTATUS(process_of(0, 0)->status));
    char wanted[60];
    snprintf(wanted, sizeof wanted, "working\n%s", result);
    if (strcmp(printed(0), wanted) != 0)
        fail("wanted was %s, printed %s", quoted(wanted), quoted(printed(0)));
    if (!process_of(0, 1))
        fail("there is no child");
    if (left_behind())
        fail("%s at the end", left_behind());
}

/* Killed: the delayed process, and all others, too? */
static void strike(void)
{
    const char *text = printed(0);
    working = strncmp(text, "working\n", 8) == 0;
    if (delayed.child > 0 && !working)
        fail("the child is there, and `working` is not said");
    for (int i = 0; i < many_processes && all_die; i++)
        if (processes[i].state != ENDED) {
            processes[i].killed = true;
            kill(processes[i].pid, SIGKILL);
            while (processes[i].state != ENDED)
                wait_for(&processes[i]);
        }
}

static void judge_death(void)
{
    if (!delayed.there)
        return; /* all went on to their end, as in the first run */
    all_end_well();
    if (working && left_behind())
        fail("all processes are gone, and %s", left_behind());
}

#define PARTS                                                     \
    {                                                             \
        {                                                         \
            .role = "parent", .words = { numbers[0], numbers[1] } \
        }                                                         \
    }
static const struct scenario alone = {.parts = PARTS, .judge = judge_end};
static const struct scenario slow = {.parts = PARTS, .judge = judge_end};
static const struct scenario death = {
    .parts = PARTS,
    .while_held = strike,
    .judge = judge_death,
    .kill = true,
};

/* On a terminal `working` is there as soon as it is printed, setvbuf(3). */
static const struct scenario on_a_terminal = {
    .parts = {{.role = "parent",
               .words = {numbers[0], numbers[1]},
               .terminal = true}},
    .while_held = strike,
    .judge = judge_death,
    .kill = true,
};

/* Does the parent add up what the child has stored? At the child's end one square
   that lies in what they share is made another one. */
static bool square_found, square_changed, sum_changed;
static long square;
static void change_square(void)
{
    static long words[65536 / sizeof(long)];
    const struct process *a = process_of(0, 1);
    const long other = square + 1000000;
    for (int i = 0; i < a->shares && !square_changed; i++) {
        const struct shared_map *map = &a->shared[i];
        if (!peek(a, map->at, words, map->size))
            continue;
        for (size_t at = 0; at < map->size / sizeof words[0]; at++)
            if (words[at] == square) {
                square_found = true;
                square_changed = delayed.in_call &&
                                 delayed.call == SYS_exit_group &&
                                 poke(a, map->at + at * sizeof words[0], &other,
                                      sizeof other);
            }
    }
}
static void judge_change(void)
{
    if (square_changed &&
        strcmp(printed(0) + strcspn(printed(0), "\n") + 1, result) != 0)
        sum_changed = true;
    square_changed = false;
}
static const struct scenario changed_square = {
    .parts = PARTS,
    .while_held = change_square,
    .judge = judge_change,
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
            fail("of two runs at once, one printed %s", quoted(printed(i)));
    if (left_behind())
        fail("%s at the end", left_behind());
}
static const struct scenario both = {
    .parts = {{.role = "parent", .words = {numbers[0], numbers[1]}},
              {.role = "other run", .words = {others, others}}},
    .judge = judge_both,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    int a = (int)any(1000) + 2, b = (int)any(77);
    snprintf(numbers[0], sizeof numbers[0], "%d", a);
    snprintf(numbers[1], sizeof numbers[1], "%d", b);
    snprintf(result, sizeof result, "%d\n", a * a + b * b);
    snprintf(others, sizeof others, "%d", a + 1);
    snprintf(result_of_others, sizeof result_of_others, "%d\n",
             2 * (a + 1) * (a + 1));
    run_once(&alone);
    explore(&both, 0, 0, DELAYED_FIRST);
    explore(&slow, 0, 1, DELAYED_ALONE); /* who does not wait for the child? */
    for (int i = 0; i < 2; i++) {
        all_die = i == 1;
        explore(&death, 0, 0, DELAYED_ALONE);
        explore(&death, 0, 1, DELAYED_ALONE);
    }
    all_die = false;
    explore(&on_a_terminal, 0, 0, DELAYED_ALONE);
    square = (long)a * a;
    explore(&changed_square, 0, 1, DELAYED_ALONE);
    if (square_found && !sum_changed)
        fail("what the child has stored is not what the parent adds up");
    pass("nothing was left, whoever died");
}
