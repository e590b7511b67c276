/*
 * torn_read, mended with a sequence lock: the number is odd while the writer is
 * at work, and a reader that saw another number before and after reads again.
 * (One writer at a time, as in mmap/unrelated.h.)
 */
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

static struct entry *map(const char *path)
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
    struct entry *shared = map(argv[2]);

    if (strcmp(argv[1], "write") == 0) {
        for (int i = 3; i < argc; i += 2) {
            struct visitor next = {.age = atoi(argv[i + 1])};
            strncpy(next.name, argv[i], sizeof next.name - 1);
            /* ---- your work begins here: the writer ---- */
            atomic_fetch_add_explicit(&shared->sequence, 1,
                                      memory_order_relaxed);
            atomic_thread_fence(memory_order_release);
            for (size_t c = 0; c < sizeof next.name; c++)
                atomic_store_explicit(&shared->name[c], next.name[c],
                                      memory_order_relaxed);
            atomic_store_explicit(&shared->age, next.age, memory_order_relaxed);
            atomic_fetch_add_explicit(&shared->sequence, 1,
                                      memory_order_release);
            /* ---- and ends here ---- */
        }
    } else {
        struct visitor seen;
        /* ---- your work begins here: the reader ---- */
        for (;;) {
            unsigned s =
                atomic_load_explicit(&shared->sequence, memory_order_acquire);
            for (size_t c = 0; c < sizeof seen.name; c++)
                seen.name[c] = atomic_load_explicit(&shared->name[c],
                                                    memory_order_relaxed);
            seen.age = atomic_load_explicit(&shared->age, memory_order_relaxed);
            atomic_thread_fence(memory_order_acquire);
            if (s % 2 == 0 && s == atomic_load_explicit(&shared->sequence,
                                                        memory_order_relaxed))
                break;
        }
        /* ---- and ends here ---- */
        if (seen.name[0] == '\0')
            printf("nobody\n");
        else
            printf("%s, %d\n", seen.name, seen.age);
    }
    return 0;
}
