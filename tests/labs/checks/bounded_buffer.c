/*
 * bounded_buffer - each item once and in order, through exactly four places?
 *
 * The consumer is held at each of its instants, and the producer runs as far as
 * it can; and the other way round. What they print tells what they did: `put N`
 * comes after the put, `took N` after the take. So there never are more than
 * five more of one than of the other: four places, and one item that is taken
 * and not yet printed.
 */
#include "director.h"

enum { PLACES = 4 };

static char many[8];
static int count, puts_seen, taken; /* as far as the lines tell */

/* Go through what was printed so far. */
static void read_lines(void)
{
    char line[64];
    int waiting = 0;
    puts_seen = taken = 0;
    for (const char *at = printed(0); *at; at += strcspn(at, "\n") + 1) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        int item = -1, end = 0;
        if (sscanf(line, "put %d%n", &item, &end) == 1 && !line[end]) {
            if (item != ++puts_seen)
                red("%s where \"put %d\" was due", quoted(line), puts_seen);
        } else if (sscanf(line, "took %d%n", &item, &end) == 1 && !line[end]) {
            taken++;
            if (item < taken && item > 0)
                red("after item %d it took item %d once more", taken - 1, item);
            if (item > taken && item <= count)
                red("it took item %d where %d was due: %d %s lost", item, taken,
                    item - taken, item - taken > 1 ? "are" : "is");
            if (item != taken)
                red("it took %d, which nobody has put", item);
        } else {
            red("it printed %s", quoted(line));
        }
        if (puts_seen - taken > waiting)
            waiting = puts_seen - taken;
        if (!at[strcspn(at, "\n")])
            break;
    }
    if (waiting > PLACES + 1)
        red("%d items lay in %d places", waiting, PLACES);
}

/* Held before it waits for Return, the consumer has certainly taken nothing;
   held before it prints, it has taken one more than it has printed. */
static void look_at_full_ring(void)
{
    const struct actor *a = actor(star.part, star.child);
    if (star.child != 0 || !star.in_call)
        return;
    bool waits = star.call == SYS_read && a->args[0] == 0;
    bool prints =
        (star.call == SYS_write || star.call == SYS_writev) && a->args[0] == 1;
    if (!waits && !prints)
        return;
    read_lines();
    int took = taken + prints,
        due = took + PLACES < count ? took + PLACES : count;
    if (puts_seen < due)
        red("%d taken, %d put, and it waits: %d of %d places free", took,
            puts_seen, due - puts_seen, PLACES);
    if (puts_seen > due)
        red("%d taken, %d put: more than %d places hold", took, puts_seen,
            PLACES);
}

static void judge(void)
{
    all_end_well();
    read_lines();
    if (taken != count || puts_seen != count)
        red("%d items, and %d were put and %d taken", count, puts_seen, taken);
    if (WEXITSTATUS(actor(0, 0)->status) != 0)
        red("the consumer gave up, status %d",
            WEXITSTATUS(actor(0, 0)->status));
}

static const struct play belt = {
    .parts = {{.role = "consumer", .words = {many}, .late = true}},
    .held = look_at_full_ring,
    .judge = judge,
    .solo = true,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    count = 8 + getpid() % 3;
    snprintf(many, sizeof many, "%d", count);
    explore(&belt, 0, 0, STAR_FIRST);
    explore(&belt, 0, 1, STAR_FIRST);
    green("each item came once and in order");
}
