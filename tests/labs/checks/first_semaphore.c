/*
 * first_semaphore - is each number given once, whoever comes first?
 *
 * One process is held at each instant, and another comes; all is new, or has
 * been used before. And two are held: the first at a call or a store before it
 * prints, the second around its print, while the first goes on. That is how an
 * initialisation comes too late: into the middle of another's turn.
 *
 * Judged is what is printed. Who makes a set alone (IPC_EXCL) and sets its value
 * then, while others wait for it, is right on Linux, where a new set is 0; that
 * POSIX does not promise this cannot be observed here. Nobody is killed.
 */
#include "director.h"

static char key[20];
static int where; /* the second is held at this instant; 0: as it has printed */
static int from = INT_MAX, to; /* and these have these numbers */

/* A key that nobody has had. */
static void prepare(void)
{
    static int next = -1;
    if (next == -1)
        next = 0x40000000 + getpid() % 65536 * 1024;
    while (shmget(next, 0, 0) != -1 || semget(next, 0, 0) != -1)
        next++;
    snprintf(key, sizeof key, "%d", next++);
}

static void judge(void)
{
    int given[64] = {0}, total = 0;
    all_end_well();
    for (int i = 0; i < parts; i++) {
        const struct actor *a = actor(i, 0);
        if (!a)
            continue;
        if (WEXITSTATUS(a->status) != 0)
            red("the %s ended with status %d", cast[i].role,
                WEXITSTATUS(a->status));
        for (const char *line = printed(i); *line;) {
            char *end;
            long number = strtol(line, &end, 10);
            if (*end != '\n' || number < 1 || number > 63)
                red("the %s printed %s", cast[i].role, quoted(printed(i)));
            if (given[number]++)
                red("number %ld was given twice", number);
            line = end + 1;
        }
        total += (int)strtol(cast[i].words[1], NULL, 10);
    }
    for (int i = 1; i <= total; i++)
        if (given[i] == 0)
            red("%d were drawn, and number %d was left out", total, i);
}

static void next_comes(void)
{
    afterwards((struct part){.role = "next", .words = {key, "1"}});
}

/* Does the next one go on, is all gone after `remove`, does it begin again? */
static void judge_remove(void)
{
    next_comes();
    judge();
    afterwards((struct part){.role = "remover", .words = {key, "remove"}});
    all_end_well();
    for (int i = 0; i < many_made; i++)
        if (still_there(made[i]))
            red("something is left after `remove`");
    const char *one =
        afterwards((struct part){.role = "next", .words = {key, "1"}});
    if (strcmp(one, "1\n") != 0)
        red("after `remove`, the next one printed %s", quoted(one));
}

/* The second comes to its own instant, and stays there; the first goes on. */
static void second_is_held(void)
{
    if (printed(0)[0] != '\0')
        return;
    enter(1);
    struct actor *second = actor(1, 0);
    second->held = true;
    many_places = 0;
    enum moved moved = INSTANT;
    int i = 1;
    while (moved == INSTANT && (where ? i < where : printed(1)[0] == '\0')) {
        while ((moved = advance(second, false)) == CAME_BACK)
            continue;
        i++;
    }
    if (where == 0 && moved == INSTANT) {
        from = i < from ? i : from;
        to = i > to ? i : to;
    }
    actor(0, 0)->held = false;
    settle(true);
}

static const struct play removal = {
    .parts = {{.role = "first", .words = {key, "1"}}},
    .prepare = prepare,
    .judge = judge_remove,
};
static const struct play anew = {
    .parts = {{.role = "first", .words = {key, "1"}, .fine = true},
              {.role = "second", .words = {key, "2"}}},
    .prepare = prepare,
    .judge = judge,
};
static const struct play used = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "2"}}},
    .prepare = prepare,
    .held = next_comes,
    .judge = judge,
};
static const struct play two_held = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "1"}}},
    .prepare = prepare,
    .held = second_is_held,
    .judge = judge,
    .alone = true,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    perform(&removal);
    explore(&anew, 0, 0, STAR_FIRST);
    explore(&used, 0, 0, STAR_LAST);
    explore(&two_held, 0, 0, STAR_FIRST);
    for (where = from - 2; where > 0 && where < to + 2; where++)
        if (where != from || from != to)
            explore(&two_held, 0, 0, STAR_FIRST);
    green("each number was given once");
}
