/*
 * throughput - send a file from one process to another, in one of many ways
 *
 *     throughput METHOD FILE OUTPUT [FOLDER NAME]
 *
 * One process takes the bytes from FILE, another writes them to OUTPUT, which
 * is /dev/null when it is timed; what is timed is all of it, from the start of
 * the processes to the end of both. (Of the stream pair: from the start of the
 * reader, with a writer that waits. The pair is that of FOLDER, the object has
 * this NAME.) Prints MB/s, and the CPU seconds of both processes for a GB. It
 * is an error when as many bytes as FILE has have not arrived.
 *
 *     $ ./throughput pipe /dev/shm/file /dev/null
 *     2345.6 0.72
 */
#define _GNU_SOURCE /* splice, vmsplice, F_SETPIPE_SZ */
#include <fcntl.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "bench.h"

enum { BLOCK = 65536, LARGE = 1048576 };
enum { ROOM, FULL }; /* the System V semaphores of the lock-step */

/* The segment of the lock-step. */
struct box {
    size_t length; /* bytes in data; 0: end of file */
    char data[BLOCK];
};

static int in, out;   /* FILE and OUTPUT */
static uint64_t size; /* bytes of FILE */
static int ends[2];   /* of a pipe or a socket pair: to read, to write */
static struct box *box;
static size_t step;       /* bytes a step */
static uint64_t *arrived; /* as the reader has counted; shared */

/* Write all of it. */
static void put(int to, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(to, bytes, length);
        if (n == -1)
            err(1, "write");
        bytes += n;
        length -= (size_t)n;
    }
}

static uint64_t copy(int from, int to)
{
    static char block[BLOCK];
    uint64_t total = 0;
    for (;;) {
        ssize_t n = read(from, block, sizeof block);
        if (n == -1)
            err(1, "read");
        if (n == 0)
            return total;
        put(to, block, (size_t)n);
        total += (uint64_t)n;
    }
}

/* --- the writers ---------------------------------------------------------- */

static void send_copy(void)
{
    copy(in, ends[1]);
}

/* The file's pages go into the pipe, and nothing is copied. */
static void send_splice(void)
{
    ssize_t n;
    while ((n = splice(in, NULL, ends[1], NULL, LARGE, SPLICE_F_MOVE)) > 0)
        ;
    if (n == -1)
        err(1, "splice from the file");
}

/* The same with the pages of a mapping. */
static void send_vmsplice(void)
{
    char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, in, 0);
    if (map == MAP_FAILED)
        err(1, "mmap");
    for (uint64_t sent = 0; sent < size;) {
        struct iovec rest = {map + sent,
                             size - sent < LARGE ? size - sent : LARGE};
        ssize_t n = vmsplice(ends[1], &rest, 1, 0);
        if (n == -1)
            err(1, "vmsplice");
        sent += (uint64_t)n;
    }
}

/* One box, and who has it, works alone. */
static void send_step(void)
{
    do {
        bench_semop(ROOM, -1);
        ssize_t n = read(in, box->data, step);
        if (n == -1)
            err(1, "read");
        box->length = (size_t)n;
        bench_semop(FULL, 1);
    } while (box->length > 0);
}

/* --- the readers ---------------------------------------------------------- */

static void receive_copy(void)
{
    *arrived = copy(ends[0], out);
}

static void receive_splice(void)
{
    ssize_t n;
    while ((n = splice(ends[0], NULL, out, NULL, LARGE, SPLICE_F_MOVE)) > 0)
        *arrived += (uint64_t)n;
    if (n == -1)
        err(1, "splice from the pipe");
}

static void receive_step(void)
{
    for (;;) {
        bench_semop(FULL, -1);
        size_t length = box->length;
        put(out, box->data, length);
        *arrived += length;
        bench_semop(ROOM, 1);
        if (length == 0)
            return;
    }
}

/* --- what they need ------------------------------------------------------- */

static void make_pipe(void)
{
    if (pipe2(ends, O_CLOEXEC) == -1)
        err(1, "pipe");
}

static void make_large_pipe(void)
{
    make_pipe();
    if (fcntl(ends[1], F_SETPIPE_SZ, LARGE) == -1)
        bench_skip("F_SETPIPE_SZ");
}

static void make_socket(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
        err(1, "socketpair");
}

static void make_box(void)
{
    bench_segment = shmget(IPC_PRIVATE, sizeof(struct box), 0600);
    if (bench_segment == -1)
        bench_skip("shmget");
    box = shmat(bench_segment, NULL, 0);
    if ((void *)box == (void *)-1)
        err(1, "shmat");
    bench_semaphores();
    bench_semop(ROOM, 1);
    step = BLOCK;
}

static void make_small_box(void)
{
    make_box();
    step = 1024;
}

static const struct method {
    const char *name;
    void (*make)(void), (*send)(void), (*receive)(void);
} methods[] = {
    {"pipe", make_pipe, send_copy, receive_copy},
    {"pipe-1M", make_large_pipe, send_copy, receive_copy},
    {"unix", make_socket, send_copy, receive_copy},
    {"vmsplice", make_large_pipe, send_vmsplice, receive_copy},
    {"splice", make_large_pipe, send_splice, receive_splice},
    {"step-1K", make_small_box, send_step, receive_step},
    {"step-64K", make_box, send_step, receive_step},
};

/* --- programs of others --------------------------------------------------- */

static pid_t start(int input, int output, int errors, const char *program,
                   const char *option, const char *value)
{
    pid_t pid = bench_fork();
    if (pid > 0)
        return pid;
    if (dup2(input, 0) == -1 || dup2(output, 1) == -1 || dup2(errors, 2) == -1)
        err(1, "dup2");
    execlp(program, program, option, value, (char *)NULL);
    err(1, "%s", program);
}

/* The writer of the pair waits for a reader when it says so. */
static pid_t start_writer(const char *folder, const char *name)
{
    char path[4096], story[4096] = "";
    size_t length = 0;
    snprintf(path, sizeof path, "%s/stream_writer", folder);
    make_pipe();
    pid_t pid = start(in, out, ends[1], path, "-s", name);
    close(ends[1]);
    do {
        ssize_t n = read(ends[0], story + length, sizeof story - 1 - length);
        if (n < 1)
            errx(1, "%s did not start: %s", path, story);
        length += (size_t)n;
        story[length] = '\0';
    } while (strstr(story, "waiting for a reader") == NULL);
    return pid;
}

static pid_t start_reader(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/stream_reader", folder);
    return start(in, out, open("/dev/null", O_WRONLY), path, "-s", name);
}

/* What the kernel counts of a process. Opened while it lives: when it has ended
   the file is root's. */
static FILE *counts_of(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/io", pid);
    return fopen(path, "r");
}

/* As many bytes as a process that has ended wrote, as the kernel counted. Of a
   program of others nobody else does. */
static uint64_t written(pid_t pid, FILE *f)
{
    siginfo_t info;
    char line[64];
    unsigned long long n = 0;
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == -1)
        err(1, "waitid");
    while (fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "wchar: %llu", &n) == 1)
            break;
    fclose(f);
    return n;
}

static double cpu;
static void end(const char *who, pid_t pid)
{
    int status;
    struct rusage used;
    if (wait4(pid, &status, 0, &used) == -1)
        err(1, "wait4");
    bench_ended(who, status);
    cpu += (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
    bench_start();
    if (argc != 4 && argc != 6)
        errx(2, "usage: throughput METHOD FILE OUTPUT [FOLDER NAME]");
    in = open(argv[2], O_RDONLY | O_CLOEXEC);
    out = open(argv[3], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct stat st;
    if (in == -1 || out == -1 || fstat(in, &st) == -1)
        err(1, "open %s and %s", argv[2], argv[3]);
    size = (uint64_t)st.st_size;
    arrived = bench_share(sizeof *arrived);

    const struct method *m = NULL;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(argv[1], methods[i].name) == 0)
            m = &methods[i];
    pid_t writer = 0, reader;
    double since;
    if (m != NULL) {
        m->make();
        since = bench_now();
        writer = bench_fork();
        if (writer == 0) {
            close(ends[0]);
            m->send();
            exit(0);
        }
        reader = bench_fork();
        if (reader == 0) {
            close(ends[1]); /* else it never sees the end of file */
            m->receive();
            exit(0);
        }
        close(ends[0]);
        close(ends[1]);
        end("reader", reader);
    } else {
        uint64_t story = 0;
        if (strcmp(argv[1], "stream") == 0 && argc == 6) {
            writer = start_writer(argv[4], argv[5]);
            since = bench_now();
            reader = start_reader(argv[4], argv[5]);
            story = 1000; /* it writes that much to stderr, at most */
        } else if (strcmp(argv[1], "cat") == 0) {
            make_pipe();
            since = bench_now();
            writer = start(in, ends[1], 2, "cat", NULL, NULL);
            reader = start(ends[0], out, 2, "cat", NULL, NULL);
            close(ends[0]);
            close(ends[1]);
        } else if (strcmp(argv[1], "dd") == 0) {
            since = bench_now();
            reader = start(in, out, 2, "dd", "bs=64k", "status=none");
        } else
            errx(2, "no method %s", argv[1]);
        FILE *counts = counts_of(reader);
        if (counts == NULL) {
            if (writer != 0)
                end("writer", writer);
            end(argv[1], reader);
            bench_skip("/proc/PID/io");
        }
        *arrived = written(reader, counts);
        if (*arrived > size && *arrived - size <= story)
            *arrived = size;
        end(argv[1], reader);
    }
    if (writer != 0)
        end("writer", writer);
    double seconds = bench_now() - since;
    if (*arrived != size)
        errx(1, "%llu bytes arrived, and not %llu",
             (unsigned long long)*arrived, (unsigned long long)size);
    printf("%.1f %.4f\n", (double)size / 1e6 / seconds,
           cpu / ((double)size / 1e9));
    return 0;
}
