/*
 * not_ready - does the note arrive, wherever the two of them stand?
 *
 * The writer is held at each of its instants, and the reader comes, or waits
 * already; and the reader in the same way.
 */
#include "../engine/engine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char name[64], text[64], other_name[64];
static bool empty;

static void prepare(void)
{
    snprintf(text, sizeof text, "note %x", any(0x1000000));
    if (empty)
        text[0] = '\0';
}

static void ended_well(int part)
{
    const struct process *a = process_of(part, 0);
    if (WEXITSTATUS(a->status) != 0)
        fail("the %s gave up, status %d", parts[part].role,
             WEXITSTATUS(a->status));
}

static void judge(void)
{
    all_end_well();
    char expected[80];
    snprintf(expected, sizeof expected, "%s\n", text);
    if (strcmp(printed(1), expected) != 0)
        fail("the note is %s, and the reader printed %s", quoted(text),
             quoted(printed(1)));
    if (printed(0)[0] != '\0')
        fail("the writer printed %s", quoted(printed(0)));
    ended_well(0);
    ended_well(1);
    if (left_over())
        fail("both have ended, and /dev/shm/%s is left", left_over());
    if (left_behind())
        fail("both have ended, and %s", left_behind());
}

static const struct scenario meeting = {
    .parts = {{.role = "writer", .words = {"write", name, text}},
              {.role = "reader", .words = {"read", name}}},
    .prepare = prepare,
    .judge = judge,
};

/* Two notes at the same time, with nothing in common. */
static void judge_both(void)
{
    for (int part = 2; part < 4; part++)
        if (process_of(part, 0)->state != ENDED ||
            process_of(part, 0)->status != 0)
            fail("of two notes at once, the one %s does not arrive",
                 other_name);
    if (strcmp(printed(3), "other\n") != 0)
        fail(
            "of two notes at once, one is \"other\", and its reader printed %s",
            quoted(printed(3)));
    judge();
}
static const struct scenario two_notes = {
    .parts = {{.role = "writer", .words = {"write", name, text}},
              {.role = "reader", .words = {"read", name}},
              {.role = "other writer", .words = {"write", other_name, "other"}},
              {.role = "other reader", .words = {"read", other_name}}},
    .prepare = prepare,
    .judge = judge_both,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    snprintf(name, sizeof name, "%s", object("note"));
    snprintf(other_name, sizeof other_name, "%s", object("other"));
    for (int part = 0; part < 2; part++) {
        explore(&meeting, part, 0, DELAYED_LAST);
        explore(&meeting, part, 0, DELAYED_FIRST);
        explore(&two_notes, part, 0, DELAYED_FIRST);
    }
    empty = true;
    explore(&meeting, 0, 0, DELAYED_FIRST);
    pass("each note arrived and nothing is left");
}
