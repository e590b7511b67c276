/*
 * bounded_buffer - each item once and in order, through exactly four places?
 *
 * The consumer is held at each of its instants, and the producer runs as far as
 * it can; and the other way round. What they print tells what they did: `put N`
 * comes after the put, `took N` after the take. So there never are more than
 * five more of one than of the other: four places, and one item that is taken
 * and not yet printed.
 */
#include "../engine/engine.h"
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4 };

static char many[8], many_others[8];
static int count, count_of_others;
static int puts_seen, taken; /* as far as the lines tell */

/* Go through what this run has printed so far. */
static void read_lines_of(int part, int items)
{
    char line[64];
    int waiting = 0;
    puts_seen = taken = 0;
    for (const char *at = printed(part); *at; at += strcspn(at, "\n") + 1) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        int item = -1, end = 0;
        if (sscanf(line, "put %d%n", &item, &end) == 1 && !line[end]) {
            if (item != ++puts_seen)
                fail("%s where \"put %d\" was due", quoted(line), puts_seen);
        } else if (sscanf(line, "took %d%n", &item, &end) == 1 && !line[end]) {
            taken++;
            if (item < taken && item > 0)
                fail("after item %d it took item %d once more", taken - 1,
                     item);
            if (item > taken && item <= items)
                fail("it took item %d where %d was due: %d %s lost", item,
                     taken, item - taken, item - taken > 1 ? "are" : "is");
            if (item != taken)
                fail("it took %d, which nobody has put", item);
        } else {
            fail("it printed %s", quoted(line));
        }
        if (puts_seen - taken > waiting)
            waiting = puts_seen - taken;
        if (!at[strcspn(at, "\n")])
            break;
    }
    if (waiting > PLACES + 1)
        fail("%d items lay in %d places", waiting, PLACES);
}

static void read_lines(void)
{
    read_lines_of(0, count);
}

/* Held before it waits for Return, the consumer has certainly taken nothing;
   held before it prints, it has taken one more than it has printed. */
static void look_at_full_ring(void)
{
    const struct process *a = process_of(delayed.part, delayed.child);
    if (delayed.child != 0 || !delayed.in_call)
        return;
    bool waits = delayed.call == SYS_read && a->args[0] == 0;
    bool prints = (delayed.call == SYS_write || delayed.call == SYS_writev) &&
                  a->args[0] == 1;
    if (!waits && !prints)
        return;
    read_lines();
    int took = taken + prints,
        due = took + PLACES < count ? took + PLACES : count;
    if (puts_seen < due)
        fail("%d taken, %d put, and it waits: %d of %d places free", took,
             puts_seen, due - puts_seen, PLACES);
    if (puts_seen > due)
        fail("%d taken, %d put: more than %d places hold", took, puts_seen,
             PLACES);
}

static void judge(void)
{
    all_end_well();
    read_lines();
    if (taken != count || puts_seen != count)
        fail("%d items, and %d were put and %d taken", count, puts_seen, taken);
    if (WEXITSTATUS(process_of(0, 0)->status) != 0)
        fail("the consumer gave up, status %d",
             WEXITSTATUS(process_of(0, 0)->status));
}

static const struct scenario belt = {
    .parts = {{.role = "consumer", .words = {many}, .late = true}},
    .while_held = look_at_full_ring,
    .judge = judge,
    .solo = true,
};

/* So few items that the last one is soon there, and who waits for it is not woken by
   a next one; and one more than there are places. */
static struct scenario few = {
    .parts = {{.role = "consumer", .words = {many}, .fine = true}},
    .judge = judge,
    .solo = true,
};

/* Two runs at the same time, with nothing in common. */
static void judge_both(void)
{
    judge();
    read_lines_of(1, count_of_others);
    if (taken != count_of_others || puts_seen != count_of_others)
        fail("of two runs at once, one put %d and took %d of its %d items",
             puts_seen, taken, count_of_others);
}
static const struct scenario two_runs = {
    .parts = {{.role = "consumer", .words = {many}},
              {.role = "other run", .words = {many_others}}},
    .judge = judge_both,
};

/* Does take() look into the ring? While the consumer is held, and four items lie
   there, one byte that they share is changed: if one number that it then takes is
   another, it does. Which byte is no matter, and what else comes of it. */
static int which;
static bool changes, came_of_it;

static bool change_byte(const struct process *a)
{
    static unsigned char bytes[65536];
    int n = 0;
    for (int i = 0; i < a->shares; i++) {
        const struct shared_map *map = &a->shared[i];
        if (!peek(a, map->at, bytes, map->size))
            continue;
        for (size_t at = 0; at < map->size; at++) {
            if (bytes[at] == 0 || n++ != which)
                continue;
            const unsigned char other = bytes[at] ^ 0x30;
            return poke(a, map->at + at, &other, 1);
        }
    }
    return false;
}

static void change_ring(void)
{
    read_lines();
    if (puts_seen == PLACES && taken == 0 && !changes)
        changes = change_byte(process_of(0, 0));
}

static struct scenario changed_ring;
static void judge_changed_ring(void)
{
    int n = 0, item;
    if (!changes)
        return;
    changed_ring.most = 1; /* that was the run */
    for (const char *at = printed(0); *at; at += strcspn(at, "\n") + 1) {
        if (sscanf(at, "took %d", &item) == 1 && item != ++n)
            came_of_it = true;
        if (!at[strcspn(at, "\n")])
            break;
    }
}

static struct scenario changed_ring = {
    .parts = {{.role = "consumer", .words = {many}}},
    .while_held = change_ring,
    .judge = judge_changed_ring,
    .solo = true,
};

static void look_at_take(void)
{
    for (which = 0; !came_of_it; which++) {
        changed_ring.most = 0;
        changes = false;
        explore(&changed_ring, 0, 0, DELAYED_FIRST);
        if (!changes)
            fail("what it takes does not come from the ring");
    }
}

static void set_count(int n)
{
    count = n;
    snprintf(many, sizeof many, "%d", count);
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    set_count(8 + (int)any(3));
    explore(&belt, 0, 0, DELAYED_FIRST);
    explore(&belt, 0, 1, DELAYED_FIRST);
    count_of_others = 6;
    snprintf(many_others, sizeof many_others, "%d", count_of_others);
    explore(&two_runs, 0, 0, DELAYED_FIRST);
    look_at_take();
    set_count(1);
    explore(&few, 0, 0, DELAYED_FIRST);
    set_count(PLACES + 1);
    few.parts[0].times = PLACES + 1;
    explore(&few, 0, 1, DELAYED_FIRST);
    pass("each item came once and in order");
}
