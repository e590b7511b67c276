/*
 * mechanism - the stream pair's ring in memory of every kind
 *
 *     mechanism KIND ring MIB PATH NAME
 *     mechanism KIND life MIB PATH NAME
 *
 * ring: two processes send MIB through a struct stream of this kind of memory,
 * with the waits of the pair. One copies into the slots, the other out of them,
 * and no system call carries a byte. Prints MB/s.
 * life: creates MIB of it, with memory behind it where a call promises that,
 * maps it, touches every page, and removes it. Prints the milliseconds of all,
 * and of each of the four.
 *
 * PATH is a file on the disk, NAME an object in /dev/shm.
 *
 *     $ ./mechanism posix life 64 /tmp/file /bench
 *     24.1 15.2 0.0 4.8 4.1
 */
#define _GNU_SOURCE /* memfd_create, F_OFD_SETLK, MADV_HUGEPAGE */
#include <sys/vfs.h>

#include "../../posix_shm/stream.h"
#include "bench.h"

enum { HUGE = 2097152, PAGE = 4096 };
enum { TMPFS = 0x01021994 }; /* statfs(2) */

static const char *path, *name;
static size_t size;
static int fd = -1;
static char *memory;

/* --- create it ------------------------------------------------------------ */

static void allocate(void)
{
    if (fd == -1)
        err(1, "open");
    if ((errno = posix_fallocate(fd, 0, (off_t)size)) != 0)
        bench_skip("posix_fallocate");
}

static void create_disk(void)
{
    struct statfs fs;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd != -1 && fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS) {
        printf("TMPDIR is a tmpfs, and no disk\n");
        exit(BENCH_SKIP);
    }
    allocate();
}

static void create_file(void)
{
    char file[4096];
    snprintf(file, sizeof file, "/dev/shm%s", name);
    fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    allocate();
}

static void create_posix(void)
{
    fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    allocate();
}

static void create_nothing(void)
{
}

static void create_sysv(void)
{
    bench_segment = shmget(IPC_PRIVATE, size, 0600);
    if (bench_segment == -1)
        bench_skip("shmget");
}

static void create_sysv_huge(void)
{
    bench_segment = shmget(IPC_PRIVATE, size, SHM_HUGETLB | 0600);
    if (bench_segment == -1)
        bench_skip("shmget SHM_HUGETLB, see vm.nr_hugepages");
}

static void create_memfd_huge(void)
{
    fd = memfd_create("bench", MFD_CLOEXEC | MFD_HUGETLB);
    if (fd == -1)
        bench_skip("memfd_create MFD_HUGETLB");
    if (ftruncate(fd, (off_t)size) == -1 || fallocate(fd, 0, 0, (off_t)size))
        bench_skip("fallocate of huge pages, see vm.nr_hugepages");
}

/* Memory first asked for at the touch: a page that is there stays small. */
static void create_memfd(void)
{
    fd = memfd_create("bench", MFD_CLOEXEC);
    if (fd == -1 || ftruncate(fd, (off_t)size) == -1)
        bench_skip("memfd_create");
}

/* --- map it --------------------------------------------------------------- */

static void map_fd(void)
{
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        bench_skip("mmap");
}

static void map_transparent(void)
{
    map_fd();
    if (madvise(memory, size, MADV_HUGEPAGE) == -1)
        bench_skip("madvise MADV_HUGEPAGE");
}

static void map_nothing(void)
{
    memory = bench_share(size);
}

static void map_sysv(void)
{
    memory = shmat(bench_segment, NULL, 0);
    if ((void *)memory == (void *)-1)
        err(1, "shmat");
}

/* --- remove it ------------------------------------------------------------ */

static void remove_fd(void)
{
    munmap(memory, size);
    close(fd);
}

static void remove_disk(void)
{
    remove_fd();
    unlink(path);
}

static void remove_posix(void)
{
    remove_fd();
    shm_unlink(name);
}

static void remove_nothing(void)
{
    munmap(memory, size);
}

static void remove_sysv(void)
{
    shmdt(memory);
    shmctl(bench_segment, IPC_RMID, NULL);
    bench_segment = -1;
}

static const struct kind {
    const char *name;
    void (*create)(void), (*map)(void), (*remove)(void);
} kinds[] = {
    {"disk", create_disk, map_fd, remove_disk},
    {"shm", create_file, map_fd, remove_posix},
    {"anonymous", create_nothing, map_nothing, remove_nothing},
    {"posix", create_posix, map_fd, remove_posix},
    {"sysv", create_sysv, map_sysv, remove_sysv},
    {"sysv-huge", create_sysv_huge, map_sysv, remove_sysv},
    {"memfd-huge", create_memfd_huge, map_fd, remove_fd},
    {"memfd-transparent", create_memfd, map_transparent, remove_fd},
};

static void touch(void)
{
    for (size_t i = 0; i < size; i += PAGE)
        ((volatile char *)memory)[i] = 1;
}

/* Are there huge pages, when they were only advised? */
static void check_transparent(void)
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

/* --- the ring ------------------------------------------------------------- */

/* Each side of a pair has a lock, and asks for the other's: owner.h. Memory
   without a descriptor has none; so here they are on a file beside it. */
static int side(int byte)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock lock = owner_bytes(byte, byte);
    if (file == -1 || fcntl(file, F_OFD_SETLK, &lock) == -1)
        err(1, "lock %s", path);
    return file;
}

static void wait_for(struct partner *p, sem_t *semaphore, int lock, int other)
{
    int e = partner_wait(p, STREAM_READY, semaphore, lock, other, 10, NULL,
                         stream_spins());
    if (e != 0)
        errx(1, "waiting for the partner: %s", partner_why(e));
}

static void write_slots(struct stream *s, uint64_t slots, int lock)
{
    static char block[SLOT_SIZE];
    for (uint64_t n = 0; n < slots; n++) {
        wait_for(&s->partner, &s->partner.room, lock, READER);
        memcpy(block, &n, sizeof n);
        memcpy(s->slot[n % SLOTS], block, SLOT_SIZE);
        sem_post(&s->partner.full);
    }
}

static void read_slots(struct stream *s, uint64_t slots)
{
    static char block[SLOT_SIZE];
    int lock = side(READER);
    atomic_store(&s->partner.state, STREAM_READY + 1);
    for (int i = 0; i < SLOTS; i++)
        sem_post(&s->partner.room);
    for (uint64_t n = 0; n < slots; n++) {
        wait_for(&s->partner, &s->partner.full, lock, WRITER);
        memcpy(block, s->slot[n % SLOTS], SLOT_SIZE);
        sem_post(&s->partner.room);
        if (memcmp(block, &n, sizeof n) != 0)
            errx(1, "slot %llu has not arrived", (unsigned long long)n);
    }
}

static double ring(uint64_t slots)
{
    struct stream *s = (struct stream *)(void *)memory;
    memset(s, 0, sizeof *s);
    partner_ready(&s->partner, STREAM_READY);
    int lock = side(WRITER);
    double since = bench_now();
    pid_t child = bench_fork();
    if (child == 0) {
        close(lock); /* the parent's */
        read_slots(s, slots);
        exit(0);
    }
    write_slots(s, slots, lock);
    int status;
    if (waitpid(child, &status, 0) == -1)
        err(1, "waitpid");
    double seconds = bench_now() - since;
    bench_ended("the reader", status);
    close(lock);
    unlink(path);
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
    k->create();
    t[1] = bench_now();
    k->map();
    t[2] = bench_now();
    if (memory == NULL)
        errx(1, "no memory");
    touch();
    t[3] = bench_now();
    if (k->map == map_transparent)
        check_transparent();
    double rate = 0;
    if (!life) {
        /* A file on the disk has its locks beside it. */
        char locks[4096];
        snprintf(locks, sizeof locks, "%s.lock", path);
        path = locks;
        rate = ring(bytes / SLOT_SIZE);
        path = argv[4];
    }
    double pause = bench_now() - t[3];
    k->remove();
    t[4] = bench_now() - pause;

    if (life)
        printf("%.3f %.3f %.3f %.3f %.3f\n", (t[4] - t[0]) * 1e3,
               (t[1] - t[0]) * 1e3, (t[2] - t[1]) * 1e3, (t[3] - t[2]) * 1e3,
               (t[4] - t[3]) * 1e3);
    else
        printf("%.1f\n", rate);
    return 0;
}
