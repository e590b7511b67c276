/*
 * torn_read - is what a reader sees always one whole entry?
 *
 * The writer is held after each store, and a reader comes; the reader is held
 * at each of its own instructions, and the writer comes.
 */
#include "director.h"

static bool empty;
static void judge(void);

static const struct play first = {
    .parts = {{.role = "writer",
               .words = {"write", "register", "hello", "20"}}},
    .judge = all_end_well,
};

/* The register has an entry already, or is still empty. */
static void prepare(void)
{
    unlink("register");
    if (!empty)
        perform(&first);
}

static const struct play meeting = {
    .parts = {{.role = "writer",
               .words = {"write", "register", "world", "35", "spacy", "48"}},
              {.role = "reader", .words = {"read", "register"}, .fine = true}},
    .prepare = prepare,
    .judge = judge,
};

static void judge(void)
{
    all_end_well();
    const char *saw = printed(1);
    if (strcmp(saw, "world, 35\n") != 0 && strcmp(saw, "spacy, 48\n") != 0 &&
        strcmp(saw, empty ? "nobody\n" : "hello, 20\n") != 0)
        red("a reader saw %s: half old, half new", quoted(saw));
    saw = afterwards(
        (struct part){.role = "reader", .words = {"read", "register"}});
    all_end_well();
    if (strcmp(saw, "spacy, 48\n") != 0)
        red("written was \"spacy, 48\", and the next reader saw %s",
            quoted(saw));
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    for (int i = 0; i < 2; i++) {
        empty = i == 1;
        explore(&meeting, 0, 0, STAR_FIRST);
        explore(&meeting, 1, 0, STAR_FIRST);
    }
    green("no reader saw half an entry");
}
