/*
 * first_semaphore - is each number given once, whoever comes first?
 *
 * One process is held at each instant, and another comes; all is new, or has
 * been used before. And two are held, each at all of its instants: the first, and
 * then the second, while the first goes on. That is how an initialisation comes too
 * late: into the middle of another's turn.
 *
 * Judged is what is printed. Who makes a set alone (IPC_EXCL) and sets its value
 * then, while others wait for it, is right on Linux, where a new set is 0; that
 * POSIX does not promise this cannot be observed here. Nobody is killed.
 */
#include "../engine/engine.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static char key[20];

/* A key that nobody has had. */
static void prepare(void)
{
    static int next = -1;
    if (next == -1)
        next = 0x40000000 + (int)any(65536) * 1024;
    while (shmget(next, 0, 0) != -1 || semget(next, 0, 0) != -1)
        next++;
    snprintf(key, sizeof key, "%d", next++);
}

static void judge(void)
{
    int given[64] = {0}, total = 0;
    all_end_well();
    for (int i = 0; i < many_parts; i++) {
        const struct process *a = process_of(i, 0);
        if (!a)
            continue;
        if (WEXITSTATUS(a->status) != 0)
            fail("the %s ended with status %d", parts[i].role,
                 WEXITSTATUS(a->status));
        for (const char *line = printed(i); *line;) {
            char *end;
            long number = strtol(line, &end, 10);
            if (*end != '\n' || number < 1 || number > 63)
                fail("the %s printed %s", parts[i].role, quoted(printed(i)));
            else if (given[number]++)
                fail("number %ld was given twice", number);
            line = end + 1;
        }
        total += (int)strtol(parts[i].words[1], NULL, 10);
    }
    for (int i = 1; i <= total; i++)
        if (given[i] == 0)
            fail("%d were drawn, and number %d was left out", total, i);
}

static void next_comes(void)
{
    run_after((struct part){.role = "next", .words = {key, "1"}});
}

/* Does the next one go on, is all gone after `remove`, does it begin again? */
static void judge_remove(void)
{
    next_comes();
    judge();
    run_after((struct part){.role = "remover", .words = {key, "remove"}});
    all_end_well();
    if (left_behind())
        fail("something is left after `remove`");
    const char *one =
        run_after((struct part){.role = "next", .words = {key, "1"}});
    if (strcmp(one, "1\n") != 0)
        fail("after `remove`, the next one printed %s", quoted(one));
}

static const struct scenario removal = {
    .parts = {{.role = "first", .words = {key, "1"}}},
    .prepare = prepare,
    .judge = judge_remove,
};
static const struct scenario anew = {
    .parts = {{.role = "first", .words = {key, "1"}, .fine = true},
              {.role = "second", .words = {key, "2"}}},
    .prepare = prepare,
    .judge = judge,
};
static const struct scenario used = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "2"}}},
    .prepare = prepare,
    .while_held = next_comes,
    .judge = judge,
};
static const struct scenario two_late = {
    .parts = {{.role = "first", .words = {key, "1"}, .loads = true},
              {.role = "second", .words = {key, "1"}}},
    .prepare = prepare,
    .judge = judge,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    run_once(&removal);
    explore(&anew, 0, 0, DELAYED_FIRST);
    explore(&used, 0, 0, DELAYED_LAST);
    explore_two(&two_late, 0, 1, 0);
    pass("each number was given once");
}
