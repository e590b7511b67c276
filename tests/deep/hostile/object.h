/*
 * object.h - what posix.c and stream.c share: objects that begin with a struct
 * partner
 *
 *     helper NAME [FIELD=NUMBER]...
 *     helper NAME fill COUNT SEED ./posix_shm/reader -s NAME -t 1
 *     helper                               # the size of an object
 *
 * The object looks right at the door: it has its size and state READY, and the
 * helper has a writer's locks until it is killed. FIELD is one of the pair's
 * own, or size (sparse), or state. room and full are a semaphore's value,
 * bytes=N goes into each byte of both. When the reader has come, full is posted
 * posts=N times.
 *
 * A pair defines, before it includes this, SIZE and READY, and then the two
 * functions declared here.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include "hostile.h"

#include <sys/mman.h>

/* One filling of the pair's own; all is random but the partner. */
static void strange(char **command);
/* Is this argument a field of the pair's own? Then it has its number. */
static bool own_field(const char *argument);

static const char *name;
static int fd; /* has the locks */
static struct partner *p;

static void make(void)
{
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, SIZE) == -1)
        err(2, "%s", name);
    p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(2, "mmap %s", name);
    sem_init(&p->room, 1, 0);
    sem_init(&p->full, 1, 0);
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
    p->state = READY;
    reader_start(command);
    reader_has_to(1, "", 0);
}

/* Semaphores that are none; or one bit of them is another. */
static void strange_semaphores(char **command)
{
    unsigned char *room = (unsigned char *)&p->room;
    unsigned char *full = (unsigned char *)&p->full;
    const size_t size = sizeof p->room + sizeof p->full;
    const size_t bit = below(8 * (uint32_t)size);
    switch (below(6)) {
    case 0:
        any_bytes(room, size);
        break;
    case 1:
        memset(room, 0xff, size);
        break;
    case 2:
        any_bytes(below(2) ? room : full, sizeof p->full);
        break;
    case 3:
        sem_init(&p->full, 1, below(2) ? below(10) + 1 : 0x7fffffff);
        break;
    default:
        room[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    refused(command);
}

static void filling(char **command)
{
    make();
    sem_t semaphores[] = {p->room, p->full};
    any_bytes(p, SIZE);
    p->state = 0;
    uint32_t kind = below(16);
    if (kind == 0) {
        off_t size = below(2) ? 1 + below(10000) : (off_t)1 << (20 + below(20));
        if (ftruncate(fd, size + (size == SIZE)) == -1)
            err(2, "ftruncate %s", name);
        reader_start(command);
        reader_has_to(1, "", 0);
    } else if (kind == 1) {
        refused(command);
    } else {
        p->room = semaphores[0];
        p->full = semaphores[1];
        if (kind < 6)
            strange_semaphores(command);
        else
            strange(command);
    }
    shm_unlink(name);
    munmap(p, SIZE);
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return printf("%zu\n", (size_t)SIZE) < 0;
    name = argv[1];
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    make();
    long long state = READY, size = SIZE, posts = 0, n;
    for (char **a = argv + 2; *a != NULL; a++) {
        if (field(*a, "room", &n))
            sem_init(&p->room, 1, (unsigned)n);
        else if (field(*a, "full", &n))
            sem_init(&p->full, 1, (unsigned)n);
        else if (field(*a, "bytes", &n))
            memset(&p->room, (int)n, sizeof p->room + sizeof p->full);
        else if (!field(*a, "state", &state) && !field(*a, "size", &size) &&
                 !field(*a, "posts", &posts) && !own_field(*a))
            errx(2, "what is %s?", *a);
    }
    p->state = (uint32_t)state;
    if (size != SIZE && ftruncate(fd, size) == -1)
        err(2, "ftruncate %s", name);
    fprintf(stderr, "ready\n");
    while (posts > 0 && sem_trywait(&p->room) == -1)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    while (posts-- > 0)
        sem_post(&p->full);
    pause();
    return 0;
}

#endif
