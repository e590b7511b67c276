/*
 * torn_read - is what a reader sees always one whole entry?
 *
 * The writer is held after each store, and a reader comes; the reader is held
 * at each of its own instructions, and the writer comes: with one entry, with
 * two, and with 256 or 300, which bring a ring of slots or a counter, of 8 bits or
 * modulo 3, 10 or 100, back to where it was. Then both are held, one after the
 * other; and so are two readers, before a writer comes.
 *
 * The names of some entries have the same checksum, of the kinds that are used. One
 * fills its 15 bytes, and its age an int.
 */
#include "../engine/engine.h"
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 300 };

static struct entry {
    char name[16], age[12], line[32]; /* and as it is printed */
} old, entries[MANY];
static int many;
static const char *words[2 * MANY + 1]; /* of the writer */
static bool empty;
static void judge(void);
static void prepare(void);
static void held(void);
static void writer_comes(void);

static const struct scenario first = {
    .parts = {{.role = "writer",
               .words = {"write", "register", old.name, old.age}}},
    .judge = all_end_well,
};
static struct scenario meeting = {
    .parts = {{.role = "writer", .words = {"write", "register"}, .list = words},
              {.role = "reader", .words = {"read", "./register"}}},
    .prepare = prepare,
    .judge = judge,
};
static const struct scenario two_readers = {
    .parts = {{.role = "reader", .words = {"read", "register"}, .loads = true},
              {.role = "reader", .words = {"read", "register"}, .loads = true}},
    .prepare = prepare,
    .while_held = writer_comes,
    .judge = judge,
};
static const struct scenario three = {
    .parts = {{.role = "writer", .words = {"write", "register"}, .list = words},
              {.role = "reader", .words = {"read", "./register"}},
              {.role = "reader",
               .words = {"read", "register"},
               .terminal = true}},
    .prepare = prepare,
    .while_held = held,
    .judge = judge,
};

/* The register has an entry already, as the writer itself leaves it, or none. */
static int before = -1;

static void make_before(void)
{
    unlink("register");
    run_once(&first);
    if (before != -1)
        close(before);
    before = open("register", O_RDONLY | O_CLOEXEC);
    if (before == -1)
        fail("the writer has left no register behind");
}

static void prepare(void)
{
    unlink("register");
    if (empty)
        return;
    struct stat st;
    off_t at = 0;
    int fd = open("register", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || fstat(before, &st) == -1)
        err(2, "register");
    while (at < st.st_size)
        if (sendfile(fd, before, &at, (size_t)(st.st_size - at)) <= 0)
            err(2, "register");
    close(fd);
}

/* Who waits may be stopped, and continued: then some calls end with EINTR,
   signal(7). */
static void held(void)
{
    bool any = false;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].state == RUNNING)
            any = kill(processes[i].pid, SIGCONT) == 0;
    if (any)
        quiesce(true);
}

static void writer_comes(void)
{
    run_after(meeting.parts[0]);
}

static bool is_entry(const char *saw)
{
    for (int i = 0; i < many; i++)
        if (strcmp(saw, entries[i].line) == 0)
            return true;
    return strcmp(saw, empty ? "nobody\n" : old.line) == 0;
}

static void all_end_with_0(void)
{
    all_end_well();
    for (int i = 0; i < many_processes; i++)
        if (WIFEXITED(processes[i].status) &&
            WEXITSTATUS(processes[i].status) != 0)
            fail("the %s ended with status %d",
                 who(processes[i].part, processes[i].child),
                 WEXITSTATUS(processes[i].status));
}

static void judge_writing(const char *path, const char *line)
{
    const char *saw =
        run_after((struct part){.role = "reader", .words = {"read", path}});
    all_end_with_0();
    if (strcmp(saw, line) != 0)
        fail("written was %s, and the next reader saw %s", quoted(line),
             quoted(saw));
}

static void judge(void)
{
    bool written = false;
    all_end_with_0();
    for (int i = 0; i < many_parts; i++)
        if (strcmp(parts[i].role, "writer") == 0)
            written = true;
        else if (!is_entry(printed(i)))
            fail("a reader saw %s: half old, half new", quoted(printed(i)));
    if (delayed.part == 1 && delayed_too.part == -1)
        return; /* nobody was in the writer's way */
    if (written)
        judge_writing("register", entries[many - 1].line);
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
    make_entry(&entries[1], "Ada, 7 %d of %s", -2147483640);
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
    static const int numbers[] = {256, MANY};
    char name[16];
    meeting.parts[1].loads = true;
    take_entries(1);
    explore(&meeting, 1, 0, DELAYED_FIRST);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%d", i);
        make_entry(&entries[i], name, 100 + 10 * i);
    }
    for (int i = 0; i < 2; i++) {
        meeting.parts[0].busy = numbers[i];
        take_entries(numbers[i]);
        explore(&meeting, 1, 0, DELAYED_FIRST);
    }
    meeting.parts[0].busy = 0;
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

/* 4. Both are late; with an empty register, too, which may be made ready by either.
   The writer has two entries: it is the same process that writes the next one. */
static void two_late(void)
{
    make_entry(&old, "hello", 20);
    make_entry(&entries[0], "world", 30);
    make_entry(&entries[1], "spacy", 40);
    make_before();
    take_entries(2);
    explore_two(&meeting, 0, 1, 0);
    empty = true;
    explore_two(&meeting, 1, 0, 0);
    empty = false;
}

/* 5. Of two readers one is ready while the other reads; and two wait for a writer. */
static void many_readers(void)
{
    take_entries(1);
    explore_two(&two_readers, 0, 1, 0);
    explore(&three, 0, 0, DELAYED_FIRST);
}

/* 6. Two registers have nothing to do with each other, even if they have the same
   name, in other folders. */
static void prepare_both(void)
{
    if (mkdir("else", 0700) == -1)
        unlink("else/register");
    prepare();
}
static void other_is_over(void)
{
    if (!over(1))
        fail("a run with another FILE waits for this one");
}
static void judge_both(void)
{
    all_end_with_0();
    judge_writing("register", entries[many - 1].line);
    judge_writing("else/register", "other, 70\n");
}
static const struct scenario two_files = {
    .parts = {{.role = "writer", .words = {"write", "register"}, .list = words},
              {.role = "other run",
               .words = {"write", "else/register", "other", "70"}}},
    .prepare = prepare_both,
    .while_held = other_is_over,
    .judge = judge_both,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    one_late();
    counts();
    checksums();
    two_late();
    many_readers();
    explore(&two_files, 0, 0, DELAYED_FIRST);
    pass("no reader saw half an entry");
}
