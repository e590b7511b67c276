/*
 * bus_error - does a writer work with whatever file it finds?
 *
 * The file is missing, empty, too short, as it has to be, or longer. Writer and
 * reader come one after the other; then each is held at every instant, and the
 * other comes.
 */
#include "../engine/engine.h"
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 4096, OFFSET = 1024 };

static char text[SIZE - OFFSET];
static char before[3 * SIZE], now[3 * SIZE]; /* what is in the file */
static long size_before;                     /* -1: there was none */
static void prepare(void);
static void held(void);
static void judge_writer(void);
static void judge_reader(void);
static ino_t inode; /* of the file; 0: there is none yet */

#define WRITER                                                \
    {                                                         \
        .role = "writer", .words = { "write", "board", text } \
    }
#define READER                                         \
    {                                                  \
        .role = "reader", .words = { "read", "board" } \
    }
static const struct scenario writer_alone = {
    .parts = {WRITER}, .prepare = prepare, .judge = judge_writer};
static const struct scenario reader_alone = {
    .parts = {READER}, .prepare = prepare, .judge = judge_reader};
static const struct scenario meeting = {.parts = {WRITER, READER},
                                        .prepare = prepare,
                                        .while_held = held,
                                        .judge = judge_writer};

static void note_file(void);
static void prepare(void)
{
    unlink("board");
    inode = 0;
    if (size_before == -1)
        return;
    int fd = open("board", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, before, (size_t)size_before) != size_before)
        err(2, "board");
    close(fd);
    note_file();
}

/* Whoever has the file mapped, and touches it just now, must not die; and what is
   written to another file of this name, they never see. */
static void note_file(void)
{
    struct stat st;
    inode = stat("board", &st) == 0 ? st.st_ino : 0;
}
static void same_file(void)
{
    struct stat st;
    if (inode != 0 && stat("board", &st) == 0 && st.st_ino != inode)
        fail(
            "another file took the place of FILE: who has it mapped does not "
            "see the text");
}

static void held(void)
{
    struct stat st;
    same_file();
    if (inode == 0)
        note_file();
    if (stat("board", &st) == 0 && st.st_size < size_before)
        fail("FILE shrank to %ld bytes: who has it mapped dies",
             (long)st.st_size);
}

static const char *found(void)
{
    static char words[64];
    snprintf(words, sizeof words,
             size_before == -1 ? "there was no FILE" : "FILE had %ld bytes",
             size_before);
    return words;
}

static void all_succeed(void)
{
    for (int i = 0; i < many_processes; i++) {
        const struct process *a = &processes[i];
        const char *name = who(a->part, a->child);
        if (a->state == ENDED && WIFSIGNALED(a->status) &&
            WTERMSIG(a->status) == SIGBUS)
            fail("the %s died of Bus error: %s", name, found());
        if (a->state == ENDED && WIFEXITED(a->status) && a->status != 0)
            fail("the %s ended with status %d: %s", name,
                 WEXITSTATUS(a->status), found());
    }
    all_end_well();
}

/* Is the file as long as it has to be, and the rest of it as it was? */
static void judge_file(void)
{
    memset(now, 0, sizeof now);
    int fd = open("board", O_RDONLY | O_CLOEXEC);
    long size = fd == -1 ? -1 : (long)read(fd, now, sizeof now);
    close(fd);
    if (size < SIZE || (size_before > SIZE && size != size_before))
        fail("%s, and has %ld afterwards", found(), size);
    for (long i = 0; i < size_before; i++)
        if ((i < OFFSET || i >= SIZE) && now[i] != before[i])
            fail("%s, and byte %ld is not as it was", found(), i);
}

/* How much of it is evidence enough. */
static int start(const char *line)
{
    size_t length = strcspn(line, "\n");
    return length < 11 ? (int)length : 11;
}

static bool is_line(const char *line, const char *content)
{
    size_t length = strlen(content);
    return strncmp(line, content, length) == 0 &&
           strcmp(line + length, "\n") == 0;
}

static void judge_writer(void)
{
    all_succeed();
    same_file();
    judge_file();
    if (many_parts == 2 &&
        printed(1)[0] == '\0') /* half a text will do, lab 3 */
        fail("a reader printed nothing");
    size_t same = 0;
    while (text[same] != '\0' && now[OFFSET + same] == text[same])
        same++;
    if (strlen(text) > same)
        fail("%s, and %zu of the text's %zu are in it", found(), same,
             strlen(text));
    const char *saw = run_after(
        (struct part){.role = "next reader", .words = {"read", "board"}});
    all_succeed();
    if (!is_line(saw, text))
        fail("written was \"%.8s...\", a reader printed \"%.*s\"", text,
             start(saw), saw);
}

static void judge_reader(void)
{
    all_succeed();
    same_file();
    judge_file();
    const char *old = size_before > OFFSET ? before + OFFSET : "";
    if (!is_line(printed(0), *old ? old : "nothing yet"))
        fail("%s, and the reader printed \"%.*s\"", found(), start(printed(0)),
             printed(0));
}

/* Two writers at the same time: the text is one of theirs, or a mixture. */
static void judge_both(void)
{
    all_succeed();
    same_file();
    judge_file();
}
static const struct scenario two_writers = {
    .parts = {WRITER,
              {.role = "other writer", .words = {"write", "board", "other"}}},
    .prepare = prepare,
    .while_held = held,
    .judge = judge_both,
};

/* Nobody can know this text of LENGTH bytes. */
static void make_text(char *to, size_t length)
{
    for (size_t i = 0; i < length; i++)
        to[i] = (char)('a' + (int)any(26));
    to[length] = '\0';
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    static const long sizes[] = {-1, 1000, 0, 3096, 1030, SIZE, 2L * SIZE};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_before = sizes[i];
        make_text(before, sizeof before - 1);
        before[OFFSET + 9] = '\0'; /* the old text's end */
        if (size_before >= 0)
            memset(before + size_before, 0,
                   sizeof before - (size_t)size_before);
        make_text(text, 3000 + any(72));
        run_once(&writer_alone);
        make_text(text, 7);
        run_once(&writer_alone);
        run_once(&reader_alone);
        if (i % 2 == 1)
            continue; /* like the next one */
        explore(&meeting, 0, 0, DELAYED_FIRST);
        explore(&meeting, 1, 0, DELAYED_FIRST);
        explore(&two_writers, 0, 0, DELAYED_FIRST);
    }
    pass("each text is where it belongs");
}
