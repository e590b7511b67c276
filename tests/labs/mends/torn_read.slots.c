/*
 * torn_read, mended with a ring of slots: the writer never changes the newest entry.
 * A reader that was so slow that the writer may have come round reads again.
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 4 };

struct visitor {
    char name[16];
    int age;
};

struct entries {
    atomic_uint number; /* of the last one that is whole */
    struct visitor slot[SLOTS];
};

static struct entries *map(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 4096) == -1)
        err(1, "%s", path);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %s", path);
    close(fd);
    return p;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        errx(2, "usage: torn_read write FILE [NAME AGE]... | read FILE");
    struct entries *shared = map(argv[2]);

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            unsigned number = atomic_load(&shared->number) + 1;
            shared->slot[number % SLOTS] = next;
            atomic_store(&shared->number, number);
        }
    } else {
        struct visitor seen;
        unsigned number;
        do { /* until the writer has not come round meanwhile */
            number = atomic_load(&shared->number);
            seen = shared->slot[number % SLOTS];
            atomic_thread_fence(memory_order_seq_cst);
        } while (atomic_load(&shared->number) - number >= SLOTS - 1);
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
