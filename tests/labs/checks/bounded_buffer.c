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

enum {
    PLACES = 4,
    MANY = 1100 /* more than a byte, a page of ints or 1,024 descriptors hold */
};

static char many[8];
static int count;
static int puts_seen, taken, waiting; /* as far as the lines tell */

/* Go through what this run has printed so far. */
static void read_lines_of(int part, int items)
{
    char line[64];
    puts_seen = taken = waiting = 0;
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
}

static void read_lines(void)
{
    read_lines_of(0, count);
}

static bool waits(const struct process *a)
{
    return a->call == SYS_read && a->args[0] == 0;
}

static bool prints(const struct process *a)
{
    return (a->call == SYS_write || a->call == SYS_writev) && a->args[0] == 1;
}

/* The consumer stands still outside take(), and nobody else can go on. */
static void count_places(int took, const char *when)
{
    const int due = took + PLACES < count ? took + PLACES : count;
    if (puts_seen < due)
        fail("%s%d taken, %d put, and it waits: %d of %d places free", when,
             took, puts_seen, due - puts_seen, PLACES);
    if (puts_seen > due)
        fail("%s%d taken, %d put: more than %d places hold", when, took,
             puts_seen, PLACES);
}

/* The delay may have lost a place, or made one more: so the consumer is stopped
   once again, before the next line that it prints. */
static bool once_again;

static bool stop_again(const struct process *a)
{
    const bool here = once_again && a->child == 0 && prints(a);
    once_again = once_again && !here;
    return here;
}

/* Held before it waits for Return, the consumer has certainly taken nothing;
   held before it prints, it has taken one more than it has printed. */
static void look_at_full_ring(void)
{
    const struct process *a = process_of(delayed.part, delayed.child);
    read_lines();
    if (process_of(0, 0)->state == ENDED && puts_seen < count)
        fail("the consumer has ended, and %d of %d are put", puts_seen, count);
    if (delayed.child == 0 && delayed.in_call && (waits(a) || prints(a)))
        count_places(taken + prints(a), "");
    once_again = true;
}

static void judge(void)
{
    all_end_well();
    read_lines();
    if (waiting > PLACES + 1)
        fail("%d items lay in %d places", waiting, PLACES);
    if (taken != count || puts_seen != count)
        fail("%d items, and %d were put and %d taken", count, puts_seen, taken);
    for (int child = 0; child < (process_of(0, 2) ? 1 : 2); child++)
        if (process_of(0, child) &&
            WEXITSTATUS(process_of(0, child)->status) != 0)
            fail("the %s gave up, status %d", who(0, child),
                 WEXITSTATUS(process_of(0, child)->status));
}

static void judge_after_delay(void)
{
    struct process *consumer = process_of(0, 0);
    once_again = false;
    if (consumer->held) {
        read_lines();
        count_places(taken + 1, "afterwards: ");
        consumer->held = false;
        quiesce(true);
    }
    judge();
}

static struct scenario belt = {
    .parts = {{.role = "consumer", .words = {many}, .late = true}},
    .while_held = look_at_full_ring,
    .stop = stop_again,
    .judge = judge_after_delay,
    .solo = true,
};

/* So few items that the last one is soon there, and who waits for it is not woken by
   a next one; and one more than there are places. */
static struct scenario few = {
    .parts = {{.role = "consumer", .words = {many}, .fine = true}},
    .judge = judge,
    .solo = true,
};

/* Many items: whoever has made many calls has got on if there are more lines. */
static void judge_many(void)
{
    int before;
    read_lines();
    do {
        before = puts_seen + taken;
        quiesce(true);
        read_lines();
    } while (puts_seen + taken > before);
    judge();
}

static const struct scenario long_belt = {
    .parts = {{.role = "consumer", .words = {many}}},
    .judge = judge_many,
};

/* Two runs at the same time, with nothing in common. */
static void look_at_other_run(void)
{
    int64_t result;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part == 1 && processes[i].state == RUNNING &&
            !timed(&processes[i], &result))
            fail("of two runs at once, one waits for the other");
}

static void judge_both(void)
{
    judge();
    read_lines_of(1, count);
    if (taken != count || puts_seen != count)
        fail("of two runs at once, one put %d and took %d of its %d items",
             puts_seen, taken, count);
}
static const struct scenario two_runs = {
    .parts = {{.role = "consumer", .words = {many}},
              {.role = "other run", .words = {many}}},
    .while_held = look_at_other_run,
    .judge = judge_both,
};

/* Does take() look into the ring? While the consumer waits for Return, and four
   items lie there, one byte that they share is changed. There is one for each of
   the four: if it is another, so is the number that is taken, and no other. */
enum {
    MOST_BYTES = 1000,
    MOST_WATCHED = 65536 /* of a mapping; its end may be out of sight */
};
static int which, found;
static bool changes, came_of_it, out_of_sight, comes[PLACES + 1];

static bool change_byte(const struct process *a)
{
    static unsigned char bytes[MOST_WATCHED];
    int n = 0;
    for (int i = 0; i < a->shares; i++) {
        const struct shared_map *map = &a->shared[i];
        out_of_sight = out_of_sight || map->size == MOST_WATCHED;
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

static bool stop_before_return(const struct process *a)
{
    return a->child == 0 && waits(a) && !changes;
}

static void judge_changed_ring(void)
{
    struct process *consumer = process_of(0, 0);
    int n = 0, item, others = 0, which_one = 0;
    if (!consumer->held)
        return;
    read_lines();
    changes = change_byte(consumer);
    consumer->held = false;
    quiesce(true);
    for (const char *at = printed(0); *at; at += strcspn(at, "\n") + 1) {
        if (sscanf(at, "took %d", &item) == 1 && item != ++n) {
            others++;
            which_one = n;
        }
        if (!at[strcspn(at, "\n")])
            break;
    }
    came_of_it = came_of_it || others > 0;
    if (others != 1 || n != count || which_one > PLACES)
        return;
    found += !comes[which_one];
    comes[which_one] = true;
}

static const struct scenario changed_ring = {
    .parts = {{.role = "consumer", .words = {many}}},
    .stop = stop_before_return,
    .judge = judge_changed_ring,
};

static void look_at_take(void)
{
    changes = true;
    for (which = 0; changes && which < MOST_BYTES && found < PLACES; which++) {
        changes = false;
        run_once(&changed_ring);
    }
    if (!came_of_it || (found < PLACES && !changes && !out_of_sight))
        fail("what it takes does not come from the ring");
}

static void set_count(int n)
{
    count = n;
    snprintf(many, sizeof many, "%d", count);
}

/* The producer is a child, and maybe not the first one. */
static void delay_each_child(const struct scenario *next)
{
    int child = 1;
    while (child <= FIRST_ONES && explore(next, 0, child, DELAYED_FIRST) > 0)
        child++;
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    set_count(8 + (int)any(3));
    run_once(&few);
    explore(&belt, 0, 0, DELAYED_FIRST);
    delay_each_child(&belt);
    explore(&two_runs, 0, 0, DELAYED_FIRST);
    look_at_take();
    set_count(0);
    run_once(&few);
    set_count(MANY);
    run_once(&long_belt);
    set_count(1);
    explore(&few, 0, 0, DELAYED_FIRST);
    set_count(PLACES + 1);
    few.parts[0].times = PLACES + 1;
    explore(&few, 0, 0, DELAYED_FIRST);
    delay_each_child(&few);
    set_count(3 * PLACES);
    belt.parts[0].times = 2 * PLACES + 1; /* two laps and a place */
    belt.parts[0].terminal = true;
    belt.parts[0].late = false;
    delay_each_child(&belt);
    pass("each item came once and in order");
}
