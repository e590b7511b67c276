/*
 * not_ready - does the note arrive, wherever the two of them stand?
 *
 * The writer is held at each of its instants, and the reader comes, or waits
 * already; and the reader in the same way.
 */
#include "director.h"

static char name[64], text[64];

static void prepare(void)
{
    snprintf(text, sizeof text, "note %x", (unsigned)(rand() & 0xffffff));
}

/* However slow the writer is, before each of its calls: hundreds of tries are
   not enough. */
static void wait_long(void)
{
    static uint64_t last;
    if (star.part != 0 || !star.in_call || star.call == last)
        return;
    last = star.call;
    for (int i = 0; i < 12; i++)
        settle(true);
}

static void ended_well(int part)
{
    const struct actor *a = actor(part, 0);
    if (WEXITSTATUS(a->status) != 0)
        red("the %s gave up, status %d", cast[part].role,
            WEXITSTATUS(a->status));
}

static void judge(void)
{
    all_end_well();
    char expected[80];
    snprintf(expected, sizeof expected, "%s\n", text);
    if (strcmp(printed(1), expected) != 0)
        red("the note is %s, and the reader printed %s", quoted(text),
            quoted(printed(1)));
    if (printed(0)[0] != '\0')
        red("the writer printed %s", quoted(printed(0)));
    ended_well(0);
    ended_well(1);
    if (left_over())
        red("both have ended, and /dev/shm/%s is left", left_over());
}

static const struct play meeting = {
    .parts = {{.role = "writer", .words = {"write", name, text}},
              {.role = "reader", .words = {"read", name}}},
    .prepare = prepare,
    .held = wait_long,
    .judge = judge,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    srand((unsigned)getpid());
    snprintf(name, sizeof name, "%s", object("note"));
    for (int part = 0; part < 2; part++) {
        explore(&meeting, part, 0, STAR_LAST);
        explore(&meeting, part, 0, STAR_FIRST);
    }
    green("each note arrived and nothing is left");
}
