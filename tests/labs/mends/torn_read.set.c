/*
 * torn_read, mended with a semaphore set of this file alone. There is no signal
 * handler, and semop(2) still ends with EINTR: after a SIGCONT, signal(7).
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

struct entry {
    struct visitor visitor;
};

static int fd, set;

static struct entry *map(const char *path)
{
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);

    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "%s", path);
    set = semget((key_t)(0x70000000 ^ st.st_ino), 1, IPC_CREAT | 0600);
    if (set == -1)
        err(1, "semget");
    return p;
}

static void change(struct sembuf *steps, size_t many)
{
    while (semop(set, steps, many) == -1)
        if (errno != EINTR)
            err(1, "semop");
}

static void lock(void)
{
    change((struct sembuf[]){{0, 0, 0}, {0, 1, SEM_UNDO}}, 2);
}

static void unlock(void)
{
    change((struct sembuf[]){{0, -1, SEM_UNDO}}, 1);
}

static void put(struct entry *shared, const struct visitor *next)
{
    lock();
    shared->visitor = *next;
    unlock();
}

static struct visitor get(struct entry *shared)
{
    struct visitor seen;
    lock();
    seen = shared->visitor;
    unlock();
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
