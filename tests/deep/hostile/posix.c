/*
 * posix.c - objects for writer and reader that no writer made
 *
 *     posix NAME [FIELD=NUMBER]...
 *     posix NAME fill COUNT SEED ./posix_shm/reader -s NAME
 *     posix                                # the size of an object
 *
 * The object has its mark and its size, and the helper the locks of a writer that
 * waits for a reader, until it is killed. FIELD is kind (the mark); size (sparse);
 * last, and text: the byte that fills it; room and full, the semaphores' values;
 * bytes, which goes into each byte of both; locks: 0 none, 1 WRITER, 2 READER, 3
 * both; and posts: so often full is posted when the reader has come. With reader=N
 * it is a reader instead: it removes the name of an object that is there, and posts
 * room N times.
 */
#define _GNU_SOURCE
#include "../../../posix_shm/message.h"

#include "hostile.h"

static const char *name;
static int fd; /* has the locks */
static struct message *m;

static void map(void)
{
    m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(2, "mmap %s", name);
}

static void make(void)
{
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *m) == -1)
        err(2, "%s", name);
    map();
    m->kind = MESSAGE_KIND;
    sem_init(&m->room, 1, 0);
    sem_init(&m->full, 1, 0);
}

static void lock(long long which)
{
    if (((which & 1) && !message_lock(fd, F_TLOCK, WRITER, 1)) ||
        ((which & 2) && !message_lock(fd, F_TLOCK, READER, 1)))
        err(2, "lock %s", name);
}

/* Text that may have no NUL in all its bytes. */
static void strange_text(void)
{
    any_bytes(m->text, sizeof m->text);
    if (below(2))
        for (size_t i = 0; i < sizeof m->text; i++)
            m->text[i] = (char)(m->text[i] == 0 ? 'a' : m->text[i]);
}

/* One message or some, of a writer that posts and dies, or says: the last. */
static void strange_message(char **command)
{
    static char text[8 * (MESSAGE_MAX + 1)];
    strange_text();
    m->last = below(2) ? (int)any() | 1 : 0;
    const uint32_t posts = m->last ? 1 : below(8);
    lock(1);
    reader_start(command);
    int status;
    while (message_named(fd))
        if (reader_ends(1, &status))
            wrong("did not come: status %d", status);
    for (uint32_t i = 0; i < posts; i++)
        sem_post(&m->full);
    message_lock(fd, F_ULOCK, WRITER, 1);
    size_t length = strnlen(m->text, sizeof m->text), size = 0;
    for (uint32_t i = 0; i < posts; i++) {
        memcpy(text + size, m->text, length);
        text[size + length] = '\n';
        size += length + 1;
    }
    reader_has_to(m->last == 0, text, size);
}

/* All but the semaphores, again and again while the reader is at work. The text
   has small letters, and nothing beside it has. */
static void write_on(char **command)
{
    enum { POSTS = 50 };
    memset(m->text, 'a', sizeof m->text);
    lock(1);
    reader_start(command);
    int posts = 0, status;
    while (!reader_ends(posts < POSTS ? 0 : 1, &status)) {
        if (!message_named(fd) && posts < POSTS) {
            sem_post(&m->full);
            posts++;
        } else if (posts == POSTS)
            message_lock(fd, F_ULOCK, WRITER, 1);
        for (int i = 0; i < 2000; i++)
            m->text[below(MESSAGE_MAX)] = (char)('a' + below(26));
        m->kind = (int)any();
        m->last = below(64) == 0;
    }
    const char *printed;
    size_t size;
    reader_ended(status, &printed, &size);
    if (size > (size_t)POSTS * (MESSAGE_MAX + 1))
        wrong("printed %zu bytes of %d messages", size, POSTS);
    for (size_t i = 0; i < size; i++)
        if (printed[i] != '\n' && (printed[i] < 'a' || printed[i] > 'z'))
            wrong("printed what is not in text");
}

static void filling(char **command)
{
    make();
    switch (below(8)) {
    case 0: /* without our mark: something else, of any size */
        any_bytes(m, sizeof *m);
        m->kind = below(2) ? 0 : m->kind ^ (1 << (5 + below(27)));
        if (below(2) && ftruncate(fd, 1 + below(10000)) == -1)
            err(2, "ftruncate %s", name);
        lock(below(4));
        reader_start(command);
        reader_has_to(1, "", 0);
        break;
    case 1:
        write_on(command);
        break;
    default:
        strange_message(command);
    }
    shm_unlink(name);
    munmap(m, sizeof *m);
    close(fd);
}

static void be_a_reader(long long posts)
{
    fd = shm_open(name, O_RDWR, 0);
    if (fd == -1)
        err(2, "%s", name);
    map();
    lock(2);
    shm_unlink(name);
    while (posts-- > 0)
        sem_post(&m->room);
    fprintf(stderr, "ready\n");
    pause();
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return printf("%zu\n", sizeof *m) < 0;
    name = argv[1];
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    long long n, size = sizeof *m, locks = 1, posts = 0;
    if (argc > 2 && field(argv[2], "reader", &n))
        be_a_reader(n);
    make();
    for (char **a = argv + 2; *a != NULL; a++) {
        if (field(*a, "room", &n))
            sem_init(&m->room, 1, (unsigned)n);
        else if (field(*a, "full", &n))
            sem_init(&m->full, 1, (unsigned)n);
        else if (field(*a, "bytes", &n))
            memset(&m->room, (int)n, sizeof m->room + sizeof m->full);
        else if (field(*a, "kind", &n))
            m->kind = (int)n;
        else if (field(*a, "last", &n))
            m->last = (int)n;
        else if (field(*a, "text", &n))
            memset(m->text, (int)n, sizeof m->text);
        else if (field(*a, "rest", &n))
            memset(m + 1, (int)n,
                   (size_t)(-sizeof *m % (size_t)sysconf(_SC_PAGESIZE)));
        else if (!field(*a, "size", &size) && !field(*a, "locks", &locks) &&
                 !field(*a, "posts", &posts))
            errx(2, "what is %s?", *a);
    }
    if (size != sizeof *m && ftruncate(fd, size) == -1)
        err(2, "ftruncate %s", name);
    lock(locks);
    fprintf(stderr, "ready\n");
    while (posts > 0 && message_named(fd))
        nanosleep(&message_nap, NULL);
    while (posts-- > 0)
        sem_post(&m->full);
    pause();
    return 0;
}
