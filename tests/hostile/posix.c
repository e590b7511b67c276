/*
 * posix.c - objects for posix_shm/reader that no posix_shm/writer made
 *
 *     posix NAME [FIELD=NUMBER]...
 *     posix NAME fill COUNT SEED ./posix_shm/reader -s NAME -t 1
 *
 * The object looks right at the door: it has its size and state READY, and the
 * helper has a writer's locks until it is killed. FIELD is size (sparse),
 * state, length, last, or text: the byte that fills it. room and full are a
 * semaphore's value, bytes=N goes into each byte of both. When the reader has
 * come, full is posted posts=N times.
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <sys/mman.h>

#include "../../posix_shm/message.h"

static const char *name;
static int fd; /* has the locks */
static struct message *m;

static void make(void)
{
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, MESSAGE_SIZE) == -1)
        err(2, "%s", name);
    m = mmap(NULL, MESSAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m == MAP_FAILED)
        err(2, "mmap %s", name);
    sem_init(&m->partner.room, 1, 0);
    sem_init(&m->partner.full, 1, 0);
    struct flock lock = owner_bytes(OWNER, WRITER);
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1)
        err(2, "lock %s", name);
}

/* As if the writer died. close(2) would not do: a mapping keeps the locks. */
static void give_up(void)
{
    struct flock lock = owner_bytes(OWNER, WRITER);
    lock.l_type = F_UNLCK;
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1)
        err(2, "unlock %s", name);
}

/* The reader must refuse it before it uses it. */
static void refused(char **command)
{
    m->partner.state = MESSAGE_READY;
    reader_start(command);
    reader_has_to(1, "", 0);
}

/* Semaphores that are none; or one bit of them is another. */
static void strange_semaphores(char **command)
{
    unsigned char *room = (unsigned char *)&m->partner.room;
    unsigned char *full = (unsigned char *)&m->partner.full;
    const size_t size = sizeof m->partner.room + sizeof m->partner.full;
    const size_t bit = below(8 * (uint32_t)size);
    switch (below(6)) {
    case 0:
        any_bytes(room, size);
        break;
    case 1:
        memset(room, 0xff, size);
        break;
    case 2:
        any_bytes(below(2) ? room : full, sizeof m->partner.full);
        break;
    case 3:
        sem_init(&m->partner.full, 1, below(2) ? below(10) + 1 : 0x7fffffff);
        break;
    default:
        room[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    refused(command);
}

/* One message, of a length that may be none. */
static void strange_length(char **command)
{
    static char text[MESSAGE_MAX + 1];
    uint32_t length = below(MESSAGE_MAX + 1);
    switch (below(4)) {
    case 0:
        length = (uint32_t)any();
        break;
    case 1:
        length = MESSAGE_MAX - 2 + below(5);
    }
    m->length = length;
    m->last = below(16) ? m->last | 1 : 0;
    m->partner.state = MESSAGE_READY;
    reader_start(command);
    bool came = false;
    int status;
    while (!came && !reader_ends(1, &status))
        came = sem_trywait(&m->partner.room) == 0;
    if (!came)
        wrong("did not come: status %d", status);
    sem_post(&m->partner.full);
    bool good = length <= MESSAGE_MAX;
    if (m->last == 0)
        give_up(); /* or the reader waits for more, until -t */
    if (good) {
        memcpy(text, m->text, length);
        text[length] = '\n';
    }
    reader_has_to(!good || m->last == 0, text, good ? length + 1 : 0);
}

/* All but the semaphores, again and again while the reader is at work. The
   text has small letters, and nothing beside it has. */
static void write_on(char **command)
{
    enum { POSTS = 50 };
    bool two_faced = below(2);
    bool state = below(128) == 0; /* it costs a second, all of -t */
    memset(&m->partner.full + 1, 0xff,
           (size_t)((char *)m + MESSAGE_SIZE - (char *)(&m->partner.full + 1)));
    memset(m->text, 'a', sizeof m->text);
    m->partner.state = MESSAGE_READY;
    reader_start(command);
    int posts = 0, status;
    size_t most = 0; /* one message for each room: the first says it came */
    while (!reader_ends(posts < POSTS ? 0 : 1, &status)) {
        bool room = sem_trywait(&m->partner.room) == 0;
        most += room;
        if (room || (posts > 0 && below(100) == 0)) {
            if (posts++ < POSTS)
                sem_post(&m->partner.full);
            else
                give_up();
        }
        /* Faster than the reader can look twice. */
        for (uint32_t i = 0; i < 2000; i++)
            m->length = two_faced && i % 2 ? ~i : below(MESSAGE_MAX + 1);
        m->text[below(MESSAGE_MAX)] = (char)('a' + below(26));
        m->last = below(64) == 0;
        if (state && posts > 0)
            m->partner.state = (uint32_t)any();
    }
    while (sem_trywait(&m->partner.room) == 0)
        most++;
    const char *printed;
    size_t size;
    reader_ended(status, &printed, &size);
    if (size > most * (MESSAGE_MAX + 1))
        wrong("printed %zu bytes of %zu messages", size, most);
    for (size_t i = 0; i < size; i++)
        if (printed[i] != '\n' && (printed[i] < 'a' || printed[i] > 'z'))
            wrong("printed what is not in text");
}

static void filling(char **command)
{
    make();
    sem_t semaphores[] = {m->partner.room, m->partner.full};
    any_bytes(m, MESSAGE_SIZE);
    m->partner.state = 0;
    uint32_t kind = below(16);
    if (kind == 0) {
        off_t size = below(2) ? 1 + below(10000) : (off_t)1 << (20 + below(20));
        if (ftruncate(fd, size + (size == MESSAGE_SIZE)) == -1)
            err(2, "ftruncate %s", name);
        reader_start(command);
        reader_has_to(1, "", 0);
    } else if (kind == 1) {
        refused(command);
    } else {
        m->partner.room = semaphores[0];
        m->partner.full = semaphores[1];
        if (kind < 6)
            strange_semaphores(command);
        else if (kind < 14)
            strange_length(command);
        else
            write_on(command);
    }
    shm_unlink(name);
    munmap(m, MESSAGE_SIZE);
    close(fd);
}

int main(int argc, char **argv)
{
    name = argv[1];
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    make();
    long long state = MESSAGE_READY, size = MESSAGE_SIZE, posts = 0, n;
    for (char **a = argv + 2; *a != NULL; a++) {
        if (field(*a, "length", &n))
            m->length = (uint32_t)n;
        else if (field(*a, "last", &n))
            m->last = (uint32_t)n;
        else if (field(*a, "text", &n))
            memset(m->text, (int)n, sizeof m->text);
        else if (field(*a, "room", &n))
            sem_init(&m->partner.room, 1, (unsigned)n);
        else if (field(*a, "full", &n))
            sem_init(&m->partner.full, 1, (unsigned)n);
        else if (field(*a, "bytes", &n))
            memset(&m->partner.room, (int)n,
                   sizeof m->partner.room + sizeof m->partner.full);
        else if (!field(*a, "state", &state) && !field(*a, "size", &size) &&
                 !field(*a, "posts", &posts))
            errx(2, "what is %s?", *a);
    }
    m->partner.state = (uint32_t)state;
    if (size != MESSAGE_SIZE && ftruncate(fd, size) == -1)
        err(2, "ftruncate %s", name);
    fprintf(stderr, "ready\n");
    while (posts > 0 && sem_trywait(&m->partner.room) == -1)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    while (posts-- > 0)
        sem_post(&m->partner.full);
    pause();
    return 0;
}
