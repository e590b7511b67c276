/*
 * torn_read - is what a reader sees always one whole entry?
 *
 * The writer is held after each store, and a reader comes; the reader is held
 * at each of its own instructions, and the writer comes.
 */
#include "director.h"

static struct entry {
    const char *name;
    char age[12], line[24]; /* and as it is printed */
} hello = {"hello", "", ""}, world = {"world", "", ""},
  spacy = {"spacy", "", ""};
static bool empty;
static void judge(void);

static const struct play first = {
    .parts = {{.role = "writer",
               .words = {"write", "register", "hello", hello.age}}},
    .judge = all_end_well,
};

/* The register has an entry already, as the writer itself leaves it, or none. */
static void prepare(void)
{
    static char entry[65536];
    static ssize_t size;
    if (size == 0) {
        unlink("register");
        perform(&first);
        int fd = open("register", O_RDONLY | O_CLOEXEC);
        size = fd == -1 ? -1 : read(fd, entry, sizeof entry);
        if (size <= 0)
            red("the writer has left no register behind");
        close(fd);
    }
    unlink("register");
    if (empty)
        return;
    int fd = open("register", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || write(fd, entry, (size_t)size) != size)
        err(2, "register");
    close(fd);
}

static struct play meeting = {
    .parts = {{.role = "writer",
               .words = {"write", "register", "world", world.age, "spacy",
                         spacy.age}},
              {.role = "reader", .words = {"read", "register"}}},
    .prepare = prepare,
    .judge = judge,
};

static void judge(void)
{
    all_end_well();
    const char *saw = printed(1);
    if (strcmp(saw, world.line) != 0 && strcmp(saw, spacy.line) != 0 &&
        strcmp(saw, empty ? "nobody\n" : hello.line) != 0)
        red("a reader saw %s: half old, half new", quoted(saw));
    if (star.part == 1)
        return; /* nobody was in the writer's way */
    saw = afterwards(meeting.parts[1]);
    all_end_well();
    if (strcmp(saw, spacy.line) != 0)
        red("written was %s, and the next reader saw %s", quoted(spacy.line),
            quoted(saw));
}

/* An age that nobody knows, in words and as part of the line. */
static void make_entry(struct entry *entry, int decade)
{
    static int year;
    year = year == 0 ? (int)(nanoseconds(CLOCK_REALTIME) / 1000 % 8) : year + 1;
    snprintf(entry->age, sizeof entry->age, "%d", decade + year % 10);
    snprintf(entry->line, sizeof entry->line, "%s, %s\n", entry->name,
             entry->age);
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    make_entry(&hello, 20);
    make_entry(&world, 30);
    make_entry(&spacy, 40);
    for (int i = 0; i < 2; i++) {
        empty = i == 1;
        explore(&meeting, 0, 0, STAR_FIRST);
        meeting.parts[1].fine = !empty;
        explore(&meeting, 1, 0, STAR_FIRST);
    }
    green("no reader saw half an entry");
}
