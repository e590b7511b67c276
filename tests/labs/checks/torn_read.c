/*
 * torn_read - is what a reader sees always one whole entry?
 *
 * The writer is held after each store, and a reader comes; the reader is held
 * at each of its own instructions, and the writer comes: with one entry, with
 * two, and with 256, which brings a ring of slots or a counter of 8 bits back to
 * where it was. Then both are held, one after the other.
 *
 * The names of some entries have the same checksum, of the kinds that are used.
 */
#include "../engine/engine.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 256 };

static struct entry {
    char name[12], age[12], line[28]; /* and as it is printed */
} old, entries[MANY];
static int many;
static const char *words[2 * MANY + 1]; /* of the writer */
static bool empty;
static void judge(void);
static void prepare(void);

static const struct scenario first = {
    .parts = {{.role = "writer",
               .words = {"write", "register", old.name, old.age}}},
    .judge = all_end_well,
};
static struct scenario meeting = {
    .parts = {{.role = "writer", .words = {"write", "register"}, .list = words},
              {.role = "reader", .words = {"read", "register"}}},
    .prepare = prepare,
    .judge = judge,
};

/* The register has an entry already, as the writer itself leaves it, or none. */
static char before[65536];
static ssize_t size_before;

static void make_before(void)
{
    unlink("register");
    run_once(&first);
    int fd = open("register", O_RDONLY | O_CLOEXEC);
    size_before = fd == -1 ? -1 : read(fd, before, sizeof before);
    if (size_before <= 0)
        fail("the writer has left no register behind");
    close(fd);
}

static void prepare(void)
{
    unlink("register");
    if (empty)
        return;
    int fd = open("register", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, before, (size_t)size_before) != size_before)
        err(2, "register");
    close(fd);
}

static bool is_entry(const char *saw)
{
    for (int i = 0; i < many; i++)
        if (strcmp(saw, entries[i].line) == 0)
            return true;
    return strcmp(saw, empty ? "nobody\n" : old.line) == 0;
}

static void judge(void)
{
    all_end_well();
    const char *saw = printed(1);
    if (!is_entry(saw))
        fail("a reader saw %s: half old, half new", quoted(saw));
    if (delayed.part == 1 && delayed_too.part == -1)
        return; /* nobody was in the writer's way */
    saw = run_after(meeting.parts[1]);
    all_end_well();
    if (strcmp(saw, entries[many - 1].line) != 0)
        fail("written was %s, and the next reader saw %s",
             quoted(entries[many - 1].line), quoted(saw));
}

/* An age that nobody knows, in words and as part of the line. */
static void make_entry(struct entry *entry, const char *name, int decade)
{
    static int year;
    year = year == 0 ? (int)(nanoseconds(CLOCK_REALTIME) / 1000 % 8) : year + 1;
    snprintf(entry->name, sizeof entry->name, "%s", name);
    snprintf(entry->age, sizeof entry->age, "%d", decade + year % 10);
    snprintf(entry->line, sizeof entry->line, "%s, %s\n", entry->name,
             entry->age);
}

/* The writer has so many of the entries to write. */
static void take_entries(int n)
{
    many = n;
    const char **word = words;
    for (int i = 0; i < n; i++) {
        *word++ = entries[i].name;
        *word++ = entries[i].age;
    }
    *word = NULL;
}

/* 1. One is late, with two entries. */
static void one_late(void)
{
    make_entry(&old, "hello", 20);
    make_entry(&entries[0], "world", 30);
    make_entry(&entries[1], "spacy", 40);
    take_entries(2);
    make_before();
    for (int i = 0; i < 2; i++) {
        empty = i == 1;
        meeting.parts[1].fine = false;
        explore(&meeting, 0, 0, DELAYED_FIRST);
        meeting.parts[1].fine = !empty;
        explore(&meeting, 1, 0, DELAYED_FIRST);
    }
    empty = false;
    meeting.parts[1].fine = false;
}

/* 2. The reader is late, and the writer writes one entry, or very many. */
static void counts(void)
{
    char name[12];
    meeting.parts[1].loads = true;
    take_entries(1);
    explore(&meeting, 1, 0, DELAYED_FIRST);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%d", i);
        make_entry(&entries[i], name, 100 + 10 * i);
    }
    take_entries(MANY);
    explore(&meeting, 1, 0, DELAYED_FIRST);
}

/* 3. The names differ, and their checksums do not. */
static void checksums(void)
{
    static const struct {
        const char *name, *other, *sum;
    } pairs[] = {
        {"listen", "silent", "a sum, or an exclusive or, of the letters"},
        {"maAa", "maBB", "h * 31 + letter"},
        {"maHb", "maIA", "h * 33 + letter"},
        {"declinate", "macallums", "FNV-1a, 32 bits"},
        {"plumless", "buckeroo", "CRC-32"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        make_entry(&old, pairs[i].name, 20);
        make_entry(&entries[0], pairs[i].other, 30);
        take_entries(1);
        make_before();
        explore(&meeting, 0, 0, DELAYED_FIRST);
    }
}

/* 4. Both are late. */
static void two_late(void)
{
    make_entry(&entries[0], "world", 30);
    make_entry(&entries[1], "spacy", 40);
    take_entries(1);
    explore_two(&meeting, 0, 1, 0);
    explore_two(&meeting, 1, 0, 0);
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    one_late();
    counts();
    checksums();
    two_late();
    pass("no reader saw half an entry");
}
