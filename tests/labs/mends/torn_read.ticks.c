/*
 * torn_read, mended with a sequence lock. A reader looks again whenever its
 * timer sends a signal, setitimer(2); one that comes before pause(2) is not the
 * last.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

struct entry {
    atomic_uint sequence; /* odd: it is being written */
    _Atomic char name[16];
    _Atomic int age;
};

static int fd;

static struct entry *map(const char *path)
{
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    return p;
}

static void tick(int signal)
{
    (void)signal;
}

static void put(struct entry *shared, const struct visitor *next)
{
    atomic_fetch_add(&shared->sequence, 1);
    for (size_t c = 0; c < sizeof next->name; c++)
        atomic_store(&shared->name[c], next->name[c]);
    atomic_store(&shared->age, next->age);
    atomic_fetch_add(&shared->sequence, 1);
}

static struct visitor get(struct entry *shared)
{
    struct visitor seen;
    const struct sigaction action = {.sa_handler = tick};
    const struct itimerval often = {{0, 10000}, {0, 10000}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (;;) {
        unsigned s = atomic_load(&shared->sequence);
        for (size_t c = 0; c < sizeof seen.name; c++)
            seen.name[c] = atomic_load(&shared->name[c]);
        seen.age = atomic_load(&shared->age);
        if (s % 2 == 0 && s == atomic_load(&shared->sequence))
            break;
        pause();
    }
    return seen;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        errx(2, "usage: torn_read write FILE [NAME AGE]... | read FILE");
    struct entry *shared = map(argv[2]);

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            put(shared, &next);
        }
        return 0;
    }
    const struct visitor seen = get(shared);
    if (seen.name[0] == '\0')
        printf("nobody\n");
    else
        printf("%s, %d\n", seen.name, seen.age);
    return 0;
}
