/*
 * questions_segment.h - segments for experiments, and an end for all of them
 *
 * A segment stays when its maker ends. So what is made here is written down,
 * and clear() removes it: at the end of each experiment, and by atexit(3) when
 * one fails in the middle. Until then signals that would end us wait; only
 * SIGKILL and our own faults do not (then: ipcs -m, and ./sysv_shm/control).
 */
#ifndef QUESTIONS_SEGMENT_H
#define QUESTIONS_SEGMENT_H

#include <sys/shm.h>
#include <time.h>

static size_t page; /* its size, by main: sysconf(3) */

static int ids[16]; /* of the segments that there are */
static size_t many; /* so many */
static char path[sizeof "/tmp/questions.XXXXXX"]; /* of our file, or "" */
static pid_t maker;     /* who made them: no child of it removes them; or 0 */
static sigset_t before; /* what was blocked when there were none */

/* Before the first is made. */
static void begin(void)
{
    if (maker != 0)
        return;
    sigset_t set;
    sigfillset(&set);
    sigdelset(&set, SIGSEGV);
    sigdelset(&set, SIGBUS);
    sigprocmask(SIG_BLOCK, &set, &before);
    maker = getpid();
}

static void clear(void)
{
    if (maker != getpid())
        return;
    while (many > 0)
        shmctl(ids[--many], IPC_RMID, NULL); /* EINVAL: it is gone already */
    if (path[0] != '\0')
        unlink(path);
    path[0] = '\0';
    maker = 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Write it down, whoever made it. */
static void keep(int id)
{
    if (many == sizeof ids / sizeof ids[0])
        errx(1, "too many segments");
    ids[many++] = id;
}

/* A new segment, or the end. */
static int segment(key_t key, size_t size)
{
    begin();
    int id = shmget(key, size, IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        err(1, "shmget %zu bytes (see ipcs -l)", size);
    keep(id);
    return id;
}

/* What shmget(2) returned where a segment was there before. */
static const char *got(int id, int there)
{
    if (id == -1)
        return result(-1);
    if (id == there)
        return "the same segment";
    keep(id);
    return "another segment";
}

static char *attach(int id)
{
    char *p = shmat(id, NULL, 0);
    if (p == (void *)-1)
        err(1, "shmat");
    return p;
}

static struct shmid_ds status(int id)
{
    struct shmid_ds ds;
    if (shmctl(id, IPC_STAT, &ds) == -1)
        err(1, "shmctl IPC_STAT");
    return ds;
}

/* shm_nattch, which is to become so many. A process that ends or begins another
   program lets go of its memory, but a moment later where another, such as
   ps(1), looks into it just then. At most 2 seconds. */
static unsigned long attachments(int id, unsigned long expected)
{
    const struct timespec tick = {.tv_nsec = 10000000};
    for (int i = 0; i < 200 && status(id).shm_nattch != expected; i++)
        nanosleep(&tick, NULL);
    return status(id).shm_nattch;
}

/* Free addresses for so many pages, where segments may begin. */
static char *hole(size_t pages)
{
    size_t step = (size_t)SHMLBA, size = pages * page + step;
    char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %zu bytes", size);
    munmap(p, size);
    return p + (step - (uintptr_t)p % step) % step;
}

/* A file of our own at path, for ftok(3). */
static void make_file(void)
{
    begin();
    char name[] = "/tmp/questions.XXXXXX";
    int fd = mkstemp(name);
    if (fd == -1)
        err(1, "mkstemp %s", name);
    close(fd);
    memcpy(path, name, sizeof path);
}

/* A key that no segment has. */
static key_t new_key(void)
{
    make_file();
    for (int i = 1; i < 256; i++) {
        key_t key = ftok(path, i);
        if (shmget(key, 0, 0) == -1 && errno == ENOENT)
            return key;
    }
    errx(1, "no key of %s is free", path);
}

/* The number in this file of /proc/sys/kernel, or 0. */
static unsigned long long kernel(const char *name)
{
    char line[100];
    snprintf(line, sizeof line, "/proc/sys/kernel/%s", name);
    FILE *stream = fopen(line, "r");
    if (stream == NULL)
        return 0;
    bool read = fgets(line, sizeof line, stream) != NULL;
    fclose(stream);
    return read ? strtoull(line, NULL, 10) : 0;
}

/* With this setting every segment is as if marked by IPC_RMID: proc(5). */
static bool forced(void)
{
    if (kernel("shm_rmid_forced") == 0)
        return false;
    skip("kernel.shm_rmid_forced is set: here none stays without a process");
    return true;
}

#endif
