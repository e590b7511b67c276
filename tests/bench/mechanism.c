/*
 * mechanism - the stream pair's ring in memory of every kind
 *
 *     mechanism KIND ring MIB PATH NAME
 *     mechanism KIND life MIB PATH NAME
 *
 * ring: two processes send MIB through a struct stream in this kind of memory,
 * and ring as the stream pair does. One copies into the slots, the other out of
 * them; no system call carries a byte of it. Prints MB/s.
 * life: creates MIB of it, with memory behind it where a call promises that,
 * maps it, touches every page, and removes it. Prints the milliseconds of all,
 * and of each of the four.
 *
 * PATH is a file on the disk, NAME an object in /dev/shm.
 *
 *     $ ./mechanism posix life 64 /tmp/file /bench
 *     24.1 15.2 0.0 4.8 4.1
 */
#define _GNU_SOURCE /* memfd_create, MADV_HUGEPAGE, struct ucred */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/vfs.h>

#include "../../posix_shm/lifeline.h"
#include "../../posix_shm/stream.h"

#include "bench.h"

enum { HUGE = 2097152, PAGE = 4096 };
enum { TMPFS = 0x01021994 }; /* statfs(2) */

static const char *path, *name;
static size_t size;

/* --- kinds of memory: open it, and remove its name ------------------------ */

static int open_disk(void)
{
    struct statfs fs;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd != -1 && fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS) {
        printf("TMPDIR is a tmpfs, and no disk\n");
        exit(BENCH_SKIP);
    }
    return fd;
}

static void remove_disk(void)
{
    unlink(path);
}

static int open_posix(void)
{
    return shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
}

static void remove_posix(void)
{
    shm_unlink(name);
}

static int open_memfd(void)
{
    return memfd_create("bench", MFD_CLOEXEC);
}

static int open_huge(void)
{
    return memfd_create("bench", MFD_CLOEXEC | MFD_HUGETLB);
}

/* A System V segment and an anonymous mapping have no descriptor. */
static int open_sysv(void)
{
    bench_segment = shmget(IPC_PRIVATE, size, 0600);
    return bench_segment;
}

static void remove_sysv(void)
{
    shmctl(bench_segment, IPC_RMID, NULL);
    bench_segment = -1;
}

static int open_nothing(void)
{
    return 0;
}

static void remove_nothing(void)
{
}

enum how { PROMISED, ADVISED, ATTACHED, ANONYMOUS };
static const struct kind {
    const char *name;
    int (*open)(void);
    void (*remove)(void);
    enum how how;
} kinds[] = {
    {"posix", open_posix, remove_posix, PROMISED},
    {"memfd", open_memfd, remove_nothing, PROMISED},
    {"sysv", open_sysv, remove_sysv, ATTACHED},
    {"anonymous", open_nothing, remove_nothing, ANONYMOUS},
    {"disk", open_disk, remove_disk, PROMISED},
    {"memfd-huge", open_huge, remove_nothing, PROMISED},
    {"memfd-transparent", open_memfd, remove_nothing, ADVISED},
};

static int create(const struct kind *k)
{
    int fd = k->open();
    if (fd == -1)
        bench_skip("open");
    if (k->how == PROMISED && (errno = posix_fallocate(fd, 0, (off_t)size)))
        bench_skip("posix_fallocate");
    if (k->how == ADVISED && ftruncate(fd, (off_t)size) == -1)
        bench_skip("ftruncate");
    return fd;
}

static char *map(const struct kind *k, int fd)
{
    if (k->how == ANONYMOUS)
        return bench_share(size);
    char *memory = k->how == ATTACHED ? shmat(bench_segment, NULL, 0)
                                      : mmap(NULL, size, PROT_READ | PROT_WRITE,
                                             MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) /* shmat(2), too, returns -1 */
        bench_skip("map");
    if (k->how == ADVISED && madvise(memory, size, MADV_HUGEPAGE) == -1)
        bench_skip("MADV_HUGEPAGE");
    return memory;
}

static void touch(char *memory)
{
    for (size_t i = 0; i < size; i += PAGE)
        ((volatile char *)memory)[i] = 1;
}

/* Are there huge pages, when they were only advised? */
static void check_advised(void)
{
    char line[256];
    unsigned long kib = 0;
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "ShmemPmdMapped: %lu", &kib) == 1)
            break;
    if (f != NULL)
        fclose(f);
    if (kib == 0) {
        printf("none: see /sys/kernel/mm/transparent_hugepage/shmem_enabled\n");
        exit(BENCH_SKIP);
    }
}

static void clear(const struct kind *k, int fd, char *memory)
{
    if (k->how == ATTACHED)
        shmdt(memory);
    else
        munmap(memory, size);
    if (k->how == PROMISED || k->how == ADVISED)
        close(fd);
    k->remove();
}

/* --- the ring ------------------------------------------------------------- */

static void write_slots(struct stream *s, uint64_t slots, int line)
{
    static char block[SLOT_SIZE];
    int room = SLOTS;
    for (uint64_t n = 0; n < slots; n++, room--) {
        if (room == 0)
            room = lifeline_rung(line, "reader");
        memcpy(block, &n, sizeof n);
        memcpy(s->slot[n % SLOTS], block, SLOT_SIZE);
        lifeline_ring(line);
    }
}

static void read_slots(struct stream *s, uint64_t slots, int line)
{
    static char block[SLOT_SIZE];
    int full = 0;
    for (uint64_t n = 0; n < slots; n++, full--) {
        if (full == 0)
            full = lifeline_rung(line, "writer");
        memcpy(block, s->slot[n % SLOTS], SLOT_SIZE);
        lifeline_ring(line);
        if (memcmp(block, &n, sizeof n) != 0)
            errx(1, "slot %llu has not arrived", (unsigned long long)n);
    }
}

static double ring(char *memory, uint64_t slots)
{
    struct stream *s = (struct stream *)(void *)memory;
    int line[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) == -1)
        err(1, "socketpair");
    double since = bench_now();
    pid_t child = bench_fork();
    if (child == 0) {
        close(line[0]);
        read_slots(s, slots, line[1]);
        exit(0);
    }
    close(line[1]);
    write_slots(s, slots, line[0]);
    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    double seconds = bench_now() - since;
    bench_ended("the reader", status);
    return (double)slots * SLOT_SIZE / 1e6 / seconds;
}

int main(int argc, char **argv)
{
    bench_start();
    const struct kind *k = kinds;
    const struct kind *after = k + sizeof kinds / sizeof kinds[0];
    while (argc == 6 && k < after && strcmp(argv[1], k->name) != 0)
        k++;
    if (argc != 6 || k == after)
        errx(2, "usage: mechanism KIND ring|life MIB PATH NAME");
    const bool life = strcmp(argv[2], "life") == 0;
    const size_t bytes = strtoul(argv[3], NULL, 10) * 1048576;
    path = argv[4];
    name = argv[5];
    /* A multiple of the huge page's size, for all. */
    size = ((life ? bytes : sizeof(struct stream)) + HUGE - 1) / HUGE * HUGE;

    double t[5];
    t[0] = bench_now();
    int fd = create(k);
    t[1] = bench_now();
    char *memory = map(k, fd);
    t[2] = bench_now();
    touch(memory);
    t[3] = bench_now();
    if (k->how == ADVISED)
        check_advised();
    double rate = life ? 0 : ring(memory, bytes / SLOT_SIZE);
    double pause = bench_now() - t[3];
    clear(k, fd, memory);
    t[4] = bench_now() - pause;

    if (life)
        printf("%.3f %.3f %.3f %.3f %.3f\n", (t[4] - t[0]) * 1e3,
               (t[1] - t[0]) * 1e3, (t[2] - t[1]) * 1e3, (t[3] - t[2]) * 1e3,
               (t[4] - t[3]) * 1e3);
    else
        printf("%.1f\n", rate);
    return 0;
}
