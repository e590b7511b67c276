/*
 * torn_read, mended with a sequence lock whose readers sleep, futex(2), until
 * the number is another one: the writer wakes them all.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
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

static void put(struct entry *shared, const struct visitor *next)
{
    atomic_fetch_add(&shared->sequence, 1);
    for (size_t c = 0; c < sizeof next->name; c++)
        atomic_store(&shared->name[c], next->name[c]);
    atomic_store(&shared->age, next->age);
    atomic_fetch_add(&shared->sequence, 1);
    syscall(SYS_futex, &shared->sequence, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static struct visitor get(struct entry *shared)
{
    struct visitor seen;
    unsigned s;
    do {
        while ((s = atomic_load(&shared->sequence)) % 2 == 1)
            syscall(SYS_futex, &shared->sequence, FUTEX_WAIT, s, NULL, NULL, 0);
        for (size_t c = 0; c < sizeof seen.name; c++)
            seen.name[c] = atomic_load(&shared->name[c]);
        seen.age = atomic_load(&shared->age);
    } while (s != atomic_load(&shared->sequence));
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
