/*
 * trusting_reader - does the reader print what is on the board, and no more?
 *
 * The numbers are right or wrong from the beginning; or the reader is held at each
 * of its instants, before and after each load among them, and they change. Whoever
 * changes them is the check itself: it has mapped the board, like a hostile writer.
 */
#include "../engine/engine.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 256, MAX = 64, PAGE = 4096 };
struct numbers {
    uint32_t offset, length;
};
static struct board { /* as in the task; _Atomic changes nothing in it */
    struct numbers numbers;
    char text[ROOM];
} * board;
static char name[64], text[ROOM];
static struct numbers first, then;
static bool changed; /* in this run */

/* After the text come bytes that nobody is to see, in the same page. */
static void prepare(void)
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *board) == -1)
        err(2, "%s", name);
    if (board)
        munmap(board, PAGE);
    board = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (board == MAP_FAILED)
        err(2, "%s", name);
    close(fd);
    memset(board, '#', PAGE);
    memcpy(board->text, text, ROOM);
    board->numbers = first;
    changed = false;
}

static void change(void)
{
    board->numbers = then;
    changed = true;
}

static bool fits(struct numbers n)
{
    return n.length <= MAX && n.offset <= ROOM && n.length <= ROOM - n.offset;
}

/* What was in the board, for the evidence: in as few words as it can be. */
static const char *numbers(void)
{
    static char words[100];
    const unsigned o = first.offset, l = first.length;
    if (!changed)
        snprintf(words, sizeof words, "offset %u, length %u", o, l);
    else if (then.offset == o)
        snprintf(words, sizeof words, "length %u, then %u", l, then.length);
    else if (then.length == l)
        snprintf(words, sizeof words, "offset %u, then %u", o, then.offset);
    else
        snprintf(words, sizeof words,
                 "offset %u, length %u, then offset %u, length %u", o, l,
                 then.offset, then.length);
    return words;
}

/* Is it the note that these numbers speak of, and is that one? */
static bool is_note(const char *output, uint32_t offset, uint32_t length)
{
    char note[MAX + 2];
    if (!fits((struct numbers){offset, length}))
        return false;
    snprintf(note, sizeof note, "%.*s\n", (int)length, text + offset);
    return strcmp(output, note) == 0;
}

static void judge(void)
{
    const struct process *a = process_of(0, 0);
    const char *output = printed(0); /* up to the first NUL in it */
    if (a->state == ENDED && WIFSIGNALED(a->status))
        fail("%s: the reader died of %s", numbers(),
             strsignal(WTERMSIG(a->status)));
    all_end_well();
    const int status = WEXITSTATUS(a->status);
    if (status != 0 && output[0] != '\0')
        fail("%s: status %d, and it printed %s", numbers(), status,
             quoted(output));
    if (status == 3 && fits(first) && !changed)
        fail("%s: that is a note, and it ended with status 3", numbers());
    if (status == 3)
        return;
    if (status != 0)
        fail("%s: it ended with status %d", numbers(), status);
    const struct numbers last = changed ? then : first;
    if (!is_note(output, first.offset, first.length) &&
        !is_note(output, first.offset, last.length) &&
        !is_note(output, last.offset, first.length) &&
        !is_note(output, last.offset, last.length))
        fail("%s: it printed %s%s", numbers(), quoted(output),
             strchr(output, '\n') ? "" : ", and no newline after it");
}

static struct scenario reading = {
    .parts = {{.role = "reader",
               .words = {"read", name},
               .input = "\n",
               .loads = true}},
    .prepare = prepare,
    .while_held = change,
    .judge = judge,
};

/* Wrong numbers. Some become right ones if somebody adds them, or takes them for
   numbers with a sign, or of fewer bits. The first ones come while the reader runs,
   and the very first ones go: whoever reads twice reads any of them. */
enum { WRONG = 13, COME = 5, GO = 2 };
static struct numbers wrong[WRONG];
static void make_wrong(struct numbers n)
{
    const struct numbers all[WRONG] = {
        {n.offset, UINT32_MAX},
        {n.offset, MAX + 1},
        {ROOM - n.length, n.length + 1},
        {UINT32_MAX - 3, n.length},
        {0x10000 + n.offset, n.length},
        {n.offset, ROOM - n.offset},
        {n.offset, 0x80000000},
        {n.offset, 0x100 + n.length},
        {n.offset, 0x10000 + n.length},
        {ROOM, 1},
        {UINT32_MAX - 7, 8},
        {0x80000000, n.length},
        {0x100 + n.offset, n.length},
    };
    memcpy(wrong, all, sizeof all);
}

int main(int argc, char **argv)
{
    static const struct numbers right[] = {
        {0, 0}, {0, MAX}, {ROOM - MAX, MAX}, {ROOM - 1, 1}, {7, 1}};
    begin(argc, argv);
    snprintf(name, sizeof name, "%s", object("board"));
    for (int i = 0; i < ROOM; i++)
        text[i] = (char)('a' + (int)any(26));
    const struct numbers note = {70 + any(50), 5 + any(10)};
    make_wrong(note);
    first = note;
    run_once(&reading);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        first = right[i];
        run_once(&reading);
    }
    for (int i = 0; i < WRONG; i++) {
        first = wrong[i];
        run_once(&reading);
    }
    for (int i = 0; i < COME; i++) {
        first = note;
        then = wrong[i];
        reading.parts[0].fine = i % 3 == 0; /* memcpy(3) may be what reads */
        explore(&reading, 0, 0, DELAYED_FIRST);
    }
    for (int i = 0; i < GO; i++) {
        first = wrong[i];
        then = note;
        explore(&reading, 0, 0, DELAYED_FIRST);
    }
    pass("it printed the note, and nothing else");
}
