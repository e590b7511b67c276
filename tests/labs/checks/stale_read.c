/*
 * stale_read - does the child read what its parent wrote, and not before?
 *
 * The parent is held after each store, and the child has all the time to look.
 * Then the child is held, and the text in the file exchanged under its eyes:
 * who reads it prints the other one, who only knows what it was does not.
 */
#include "director.h"

static char before[512], text[512], other[512]; /* no byte is the same */
static char page[65536];                        /* the file before a run */
static size_t page_size;
static bool first, exchanged, has_read, was_printed;
static void prepare(void);
static void held(void);
static void judge(void);
static void all_ended(void);

static struct play meeting = {
    .parts = {{.role = "parent", .words = {"note", text}}},
    .prepare = prepare,
    .held = held,
    .judge = judge,
};
static const struct play day_before = {
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
    const struct actor *parent = actor(0, 0);
    if (star.child == 0)
        return;
    if (parent->state == ENDED && WIFEXITED(parent->status))
        red("the parent ended before its child");
    was_printed = printed(0)[0] != '\0';
    if (first && was_printed)
        red("a line was printed before the child had begun");
    first = false;
    if (strcmp(note_text(), text) != 0 || strcmp(before, text) == 0)
        return; /* it is not written yet, or nobody can tell */
    int fd = open("note", O_WRONLY | O_CLOEXEC);
    exchanged = write(fd, other, strlen(other)) > 0;
    close(fd);
}

static void all_ended(void)
{
    const struct actor *child = actor(0, 1); /* first: the other waits for it */
    if (child && child->state != ENDED)
        red("the child %s for ever",
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
        red("the child read \"%.8s%s\", written was \"%.8s%s\"", before,
            strlen(before) > 8 ? "..." : "", text,
            strlen(text) > 8 ? "..." : "");
    else if (saw[0] == '\0')
        red("the child printed nothing");
    else if (same == strlen(text))
        red("the child printed \"%.8s%s\", and more than that", text,
            same > 8 ? "..." : "");
    else
        red("the child read %zu bytes of a text of %zu", same, strlen(text));
    for (int i = 0; i < on_stage; i++)
        if (WIFEXITED(actors[i].status) && WEXITSTATUS(actors[i].status) != 0)
            red("the %s ended with status %d", who(0, actors[i].child),
                WEXITSTATUS(actors[i].status));
    if (strcmp(note_text(), exchanged ? other : text) != 0)
        red("TEXT is not at the start of FILE afterwards");
}

/* Nobody can know this text of LENGTH bytes. */
static void make_text(char *to, char first_letter, size_t length)
{
    static uint64_t seed;
    if (seed == 0)
        seed = (uint64_t)nanoseconds(CLOCK_REALTIME) ^ (uint64_t)getpid();
    for (size_t i = 0; i < length; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        to[i] = (char)(first_letter + (int)(seed >> 33) % 8);
    }
    to[length] = '\0';
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    enum { SHORT, LONG, SAME };
    for (int i = SHORT; i <= SAME; i++) {
        make_text(before, 'a', i == SHORT ? 3 : 20);
        size_t length = i == LONG ? 200 + (size_t)getpid() % 50 : 3;
        make_text(text, 'i', length);
        if (i == SAME)
            snprintf(text, sizeof text, "%s", before);
        make_text(other, 'q', strlen(text));
        memset(page, 0, sizeof page);
        page_size = 4096;
        if (i == LONG) { /* it is what a run has left behind */
            perform(&day_before);
            page_size = read_note(page, sizeof page);
        }
        snprintf(page, sizeof page, "%s", before);
        meeting.parts[0].fine = false;
        explore(&meeting, 0, 0, STAR_FIRST);
        first = true;
        meeting.parts[0].fine = i == LONG;
        if (explore(&meeting, 0, 1, STAR_AHEAD) == 0)
            red("there is no child");
        if (!was_printed)
            red("the child was at its end, and nothing was printed");
    }
    if (!has_read)
        red("the child did not print what stood in FILE");
    green("the child read what was written");
}
