/*
 * torn_read, mended with a child for each entry: it has the lock, and the lock
 * goes when it ends.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct visitor {
    char name[16];
    int age;
};

struct entry {
    struct visitor visitor;
};

static int fd;
static const char *file;

static struct entry *map(const char *path)
{
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    file = path;
    return p;
}

static void put(struct entry *shared, const struct visitor *next)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        const int own = open(file, O_RDWR | O_CLOEXEC);
        if (own == -1 || flock(own, LOCK_EX) == -1)
            _exit(1);
        shared->visitor = *next;
        _exit(0);
    }
    if (child == -1 || waitpid(child, &status, 0) == -1 || status != 0)
        errx(1, "the child has failed");
}

static struct visitor get(struct entry *shared)
{
    struct visitor seen;
    flock(fd, LOCK_SH);
    seen = shared->visitor;
    flock(fd, LOCK_UN);
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
