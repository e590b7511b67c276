/*
 * first_semaphore - is each number given once, whoever comes first?
 *
 * One process is held at each instant, and two others come; all is new, has been
 * used before, or was removed. And two are held, each at all of its instants: the
 * first, and then the second, while the first goes on. That is how an initialisation
 * comes too late: into the middle of another's turn. What has another key must not
 * notice any of this.
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

enum {
    MOST = 64, /* numbers of one run */
    /* So many have been there before, and so many numbers each has drawn: in all
       more than a byte holds. */
    USERS = 40,
    EACH = 7
};
/* The key, the same one typed in another way, and another one. */
static char key[20], typed[20], near_key[20];
static int before; /* numbers that others have drawn before */

static bool is_free(int one)
{
    return shmget(one, 0, 0) == -1 && semget(one, 0, 0) == -1;
}

/* A key that nobody has had. Who takes the next key as well for something, or a part
   of the key alone, meets the near one. */
static void prepare(void)
{
    static const int steps[] = {1, -1, 256, 65536};
    static int next = -1, turn;
    before = 0;
    const int step = steps[turn++ % 4];
    if (next == -1)
        next = 0x40000000 + (int)any(65536) * 1024;
    while (!is_free(next) || !is_free(next + step))
        next++;
    snprintf(key, sizeof key, "%d", next);
    snprintf(typed, sizeof typed, "0x%x", (unsigned)next);
    snprintf(near_key, sizeof near_key, "%d", next + step);
    next++;
}

static void judge(void)
{
    int given[MOST] = {0}, total = 0;
    all_end_well();
    for (int i = 0; i < many_parts; i++) {
        const struct process *a = process_of(i, 0);
        if (!a || parts[i].words[0] == near_key)
            continue;
        if (WEXITSTATUS(a->status) != 0)
            fail("the %s ended with status %d", parts[i].role,
                 WEXITSTATUS(a->status));
        for (const char *line = printed(i); *line;) {
            char *end;
            long number = strtol(line, &end, 10);
            if (*end != '\n' || number < 1 || number >= MOST)
                fail("the %s printed %s", parts[i].role, quoted(printed(i)));
            else if (given[number]++)
                fail("number %ld was given twice", number);
            line = end + 1;
        }
        total += (int)strtol(parts[i].words[1], NULL, 10);
    }
    for (int i = before + 1; i <= before + total; i++)
        if (given[i] == 0)
            fail("%d were drawn, and number %d was left out", total, i);
}

static const char *come(const char *role, const char *whose, const char *what)
{
    return run_after((struct part){.role = role, .words = {whose, what}});
}

static void next_comes(void)
{
    come("next", typed, "1");
}

static void remove_all(void)
{
    come("remover", key, "remove");
    all_end_well();
    if (left_behind())
        fail("something is left after `remove`");
}

/* Does the next one go on, is all gone after `remove`, does it begin again? */
static void judge_remove(void)
{
    next_comes();
    judge();
    remove_all();
    const char *one = come("next", key, "1");
    if (strcmp(one, "1\n") != 0)
        fail("after `remove`, the next one printed %s", quoted(one));
}

static void judge_and_remove(void)
{
    judge();
    remove_all();
}

/* One who has another key draws, and removes that: it waits for nobody. */
static void neighbour_comes(void)
{
    const char *one = come("neighbour", near_key, "1");
    if (!over(many_parts - 1))
        fail("a process waits for one that has another key");
    if (strcmp(one, "1\n") != 0)
        fail("the first one with another key printed %s", quoted(one));
    come("neighbour", near_key, "remove");
    next_comes();
}

static void once(const char *what, void (*then)(void))
{
    const struct scenario alone = {
        .parts = {{.role = "user", .words = {key, what}}}, .judge = then};
    run_once(&alone);
}

/* All has been there before, and is gone. */
static void prepare_again(void)
{
    prepare();
    once("1", judge);
    once("remove", all_end_well);
}

static void judge_many(void)
{
    all_end_well();
    if (strtol(printed(0), NULL, 10) != USERS * EACH + 1)
        fail("after %d numbers the next one printed %s", USERS * EACH,
             quoted(printed(0)));
}
static void prepare_many(void)
{
    prepare();
    for (int i = 0; i < USERS; i++)
        once("7", all_end_well);
}

static const struct scenario removal = {
    .parts = {{.role = "first", .words = {key, "1"}}},
    .prepare = prepare,
    .judge = judge_remove,
};
static const struct scenario nothing = {
    .parts = {{.role = "first", .words = {key, "0"}}},
    .prepare = prepare,
    .judge = judge_remove,
};
static const struct scenario unused = {
    .prepare = prepare,
    .judge = remove_all,
};
static const struct scenario many = {
    .parts = {{.role = "first", .words = {key, "1"}}},
    .prepare = prepare_many,
    .judge = judge_many,
};
static const struct scenario anew = {
    .parts =
        {{.role = "first", .words = {key, "2"}, .fine = true, .late = true},
         {.role = "second",
          .words = {key, "2"},
          .input = "",
          .folder = "elsewhere"},
         {.role = "third", .words = {typed, "1"}}},
    .prepare = prepare,
    .judge = judge,
};
static const struct scenario again = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "1"}},
              {.role = "third", .words = {key, "1"}}},
    .prepare = prepare_again,
    .judge = judge_and_remove,
};
static const struct scenario used = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "2"}}},
    .prepare = prepare,
    .while_held = neighbour_comes,
    .judge = judge,
};
static void prepare_used(void)
{
    prepare();
    once("1", judge);
    before = 1;
}
static const struct scenario two_later = {
    .parts = {{.role = "first", .words = {key, "1"}},
              {.role = "second", .words = {key, "1"}}},
    .prepare = prepare_used,
    .judge = judge,
};
static const struct scenario two_late = {
    .parts = {{.role = "first", .words = {key, "1"}, .loads = true},
              {.role = "second", .words = {key, "1"}}},
    .prepare = prepare,
    .while_held = next_comes,
    .judge = judge,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    run_once(&removal);
    run_once(&nothing);
    run_once(&unused);
    run_once(&many);
    explore(&anew, 0, 0, DELAYED_FIRST);
    explore(&again, 0, 0, DELAYED_FIRST);
    explore(&used, 0, 0, DELAYED_LAST);
    explore_two(&two_late, 0, 1, 0);
    explore_two(&two_later, 0, 1, 0);
    pass("each number was given once");
}
