/*
 * stale_read - does the child read what its parent wrote, and not before?
 *
 * The parent is held after each store, and the child has all the time to look.
 * Then the child is held, and the text in the file exchanged under its eyes:
 * who reads it prints the other one, who only knows what it was does not.
 */
#include "../engine/engine.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char before[512], text[512], other[512]; /* no byte is the same */
static char page[65536];                        /* the file before a run */
static size_t page_size;
static bool first, exchanged, has_read, was_printed;
static void prepare(void);
static void held(void);
static void judge(void);
static void all_ended(void);

static struct scenario meeting = {
    .parts = {{.role = "parent", .words = {"note", text}}},
    .prepare = prepare,
    .while_held = held,
    .judge = judge,
};
static const struct scenario day_before = {
    .parts = {{.role = "parent", .words = {"note", before}}},
    .prepare = prepare,
    .judge = all_ended,
};

static void prepare(void)
{
    unlink("note");
    int fd = open("note", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, page, page_size) != (ssize_t)page_size)
        err(2, "note");
    close(fd);
    exchanged = false;
}

static size_t read_note(char *to, size_t size)
{
    int fd = open("note", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd == -1 ? 0 : read(fd, to, size);
    close(fd);
    return n > 0 ? (size_t)n : 0;
}

/* What the file begins with, up to a NUL. */
static const char *note_text(void)
{
    static char now[sizeof text + 1];
    now[read_note(now, sizeof now - 1)] = '\0';
    return now;
}

static void held(void)
{
    const struct process *parent = process_of(0, 0);
    if (delayed.child == 0)
        return;
    if (parent->state == ENDED && WIFEXITED(parent->status))
        fail("the parent ended before its child");
    was_printed = printed(0)[0] != '\0';
    if (first && was_printed)
        fail("a line was printed before the child had begun");
    first = false;
    if (strcmp(note_text(), text) != 0 || strcmp(before, text) == 0 ||
        text[0] == '\0')
        return; /* it is not written yet, or nobody can tell */
    int fd = open("note", O_WRONLY | O_CLOEXEC);
    exchanged = write(fd, other, strlen(other)) > 0;
    close(fd);
}

static void all_ended(void)
{
    const struct process *child =
        process_of(0, 1); /* first: the other waits for it */
    if (child && child->state != ENDED)
        fail("the child %s forever",
             child->spins ? "burns a processor" : "waits");
    all_end_well();
}

static bool is_line(const char *line, const char *content)
{
    size_t length = strlen(content);
    return strncmp(line, content, length) == 0 &&
           strcmp(line + length, "\n") == 0;
}

static void judge(void)
{
    const char *saw = printed(0);
    size_t same = 0;
    while (saw[same] != '\0' && saw[same] == text[same])
        same++;
    all_ended();
    if (exchanged && is_line(saw, other))
        has_read = true;
    else if (is_line(saw, text))
        ;
    else if (is_line(saw, before))
        fail("the child read \"%.8s%s\", written was \"%.8s%s\"", before,
             strlen(before) > 8 ? "..." : "", text,
             strlen(text) > 8 ? "..." : "");
    else if (saw[0] == '\0')
        fail("the child printed nothing");
    else if (same == strlen(text))
        fail("the child printed \"%.8s%s\", and more than that", text,
             same > 8 ? "..." : "");
    else
        fail("the child read %zu bytes of a text of %zu", same, strlen(text));
    for (int i = 0; i < many_processes; i++)
        if (WIFEXITED(processes[i].status) &&
            WEXITSTATUS(processes[i].status) != 0)
            fail("the %s ended with status %d", who(0, processes[i].child),
                 WEXITSTATUS(processes[i].status));
    if (strcmp(note_text(), exchanged ? other : text) != 0)
        fail("TEXT is not at the start of FILE afterwards");
}

/* Nobody can know this text of LENGTH bytes. */
static void make_text(char *to, char first_letter, size_t length)
{
    for (size_t i = 0; i < length; i++)
        to[i] = (char)(first_letter + (int)any(8));
    to[length] = '\0';
}

/* Two runs at the same time, with a FILE of their own each. */
static void prepare_both(void)
{
    int fd = open("other note", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 0) == -1 ||
        write(fd, page, page_size) != (ssize_t)page_size)
        err(2, "other note");
    close(fd);
    prepare();
}
static void judge_both(void)
{
    judge();
    if (!is_line(printed(1), "another text"))
        fail(
            "of two runs at once, one printed %s, written was \"another text\"",
            quoted(printed(1)));
}
static const struct scenario two_runs = {
    .parts = {{.role = "parent", .words = {"note", text}},
              {.role = "other run", .words = {"other note", "another text"}}},
    .prepare = prepare_both,
    .judge = judge_both,
};

int main(int argc, char **argv)
{
    begin(argc, argv);
    enum { SHORT, LONG, SAME, EMPTY };
    for (int i = SHORT; i <= EMPTY; i++) {
        make_text(before, 'a', i == SHORT ? 3 : 20);
        size_t length = i == LONG ? 200 + any(50) : i == EMPTY ? 0 : 3;
        make_text(text, 'i', length);
        if (i == SAME)
            snprintf(text, sizeof text, "%s", before);
        make_text(other, 'q', strlen(text));
        memset(page, 0, sizeof page);
        page_size = 4096;
        if (i == LONG) { /* it is what a run has left behind */
            run_once(&day_before);
            page_size = read_note(page, sizeof page);
        }
        snprintf(page, sizeof page, "%s", before);
        meeting.parts[0].fine = false;
        explore(&meeting, 0, 0, DELAYED_FIRST);
        first = true;
        meeting.parts[0].fine = i == LONG;
        if (explore(&meeting, 0, 1, DELAYED_ALONE) == 0)
            fail("there is no child");
        if (!was_printed)
            fail("the child was at its end, and nothing was printed");
    }
    explore(&two_runs, 0, 0, DELAYED_FIRST);
    explore(&two_runs, 0, 1, DELAYED_FIRST);
    explore_two(&two_runs, 0, 1, 1);
    if (!has_read)
        fail("the child did not print what stood in FILE");
    pass("the child read what was written");
}
