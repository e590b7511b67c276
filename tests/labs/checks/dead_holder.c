/*
 * dead_holder - can the others go on when one of them is killed?
 *
 * Who signs, or shows, is killed at each of its instants, while others wait, or
 * come later; and it is only held there, and nobody may come in between.
 */
#include "../engine/engine.h"
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char name[64], names[3][16]; /* of the book, and of the guests */

static void prepare(void)
{
    static const struct scenario new = {
        .parts = {{.role = "host", .words = {"new", name}}},
        .judge = all_end_well,
    };
    static const struct scenario first = {
        .parts = {{.role = "first guest", .words = {"sign", name, names[0]}}},
        .judge = all_end_well,
    };
    run_once(&new);
    run_once(&first);
}

/* Is this a book? Which of the guests are in it: bit 0, 1, 2. */
static int guests_in(const char *book)
{
    int in = 0, guests = 0, letters = 0, guest;
    char line[64], last[64];
    for (;; book += strcspn(book, "\n") + 1) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(book, "\n"), book);
        for (guest = 0; guest < 3 && strcmp(line, names[guest]) != 0; guest++)
            continue;
        if (guest == 3 || !book[strcspn(book, "\n")])
            break;
        if (in & 1 << guest)
            fail("%s is in the book twice", names[guest]);
        if (guests > 0 && guest == 0)
            fail("%s, who came first, is not at the top", names[0]);
        in |= 1 << guest;
        guests++;
        letters += (int)strlen(line);
    }
    if (strncmp(line, "guests: ", 8) != 0)
        fail("the book has a name %s, half or nobody's", quoted(line));
    snprintf(last, sizeof last, "guests: %d, letters: %d\n", guests, letters);
    if (strcmp(book, last) != 0)
        fail("%d names, %d letters; it says %s", guests, letters, quoted(book));
    return in;
}

static void judge(void)
{
    static const struct part show = {.role = "later reader",
                                     .words = {"show", name}};
    all_end_well();
    const char *later = run_after(show);
    all_end_well();
    for (int i = 0; i < many_processes; i++)
        if (!processes[i].killed && WEXITSTATUS(processes[i].status) != 0)
            fail("the %s gave up, status %d", parts[processes[i].part].role,
                 WEXITSTATUS(processes[i].status));
    int in = 0, in_later = guests_in(later);
    for (int i = 0; i < many_parts - 1; i++)
        if (process_of(i, 0)->killed)
            continue;
        else if (parts[i].words[2])
            in |= parts[i].words[2] == names[1] ? 2 : 4;
        else
            in |= guests_in(printed(i)) | 1;
    for (int i = 0; i < 3; i++)
        if (in & 1 << i && !(in_later & 1 << i))
            fail("%s has signed, and is not in the book", names[i]);
}

static struct scenario visit = {
    .parts = {{.role = "guest", .words = {"sign", name, names[1]}},
              {.role = "next guest", .words = {"sign", name, names[2]}},
              {.role = "reader", .words = {"show", name}}},
    .prepare = prepare,
    .judge = judge,
    .pids_reused = true,
};

/* The one who shows comes first, and so finds out about the dead. */
static const struct scenario show_first = {
    .parts = {{.role = "guest", .words = {"sign", name, names[1]}},
              {.role = "reader", .words = {"show", name}},
              {.role = "next guest", .words = {"sign", name, names[2]}}},
    .prepare = prepare,
    .judge = judge,
    .kill = true,
    .pids_reused = true,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    snprintf(name, sizeof name, "%s", object("book"));
    snprintf(names[0], sizeof names[0], "a%c", 'a' + (int)any(26));
    snprintf(names[1], sizeof names[1], "b%c%c%c", 'a' + (int)any(26),
             'a' + (int)any(26), 'a' + (int)any(26));
    /* Shorter than what of the dead one is there: the end has to be written. */
    snprintf(names[2], sizeof names[2], "%c", 'c' + (int)any(24));
    visit.kill = true;
    explore(&visit, 0, 0, DELAYED_FIRST);
    explore(&visit, 2, 0, DELAYED_FIRST);
    explore(&show_first, 0, 0, DELAYED_FIRST);
    visit.kill = false;
    explore(&visit, 0, 0, DELAYED_FIRST);
    explore(&visit, 2, 0, DELAYED_FIRST);
    pass("no name is lost, nobody waits for the dead");
}
