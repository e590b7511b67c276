/*
 * throughput - send a file from one process to another, in one of many ways
 *
 *     throughput METHOD MIB FILE OUTPUT [FOLDER NAME]
 *
 * One process reads the last MIB of FILE, another writes them to OUTPUT, which
 * is /dev/null when it is timed. The time is from the start of the processes to
 * the end of both. Only stream_writer is there before, and waits: the time is
 * from the start of the reader. The stream pair is that of FOLDER. Prints MB/s,
 * and the CPU seconds of both processes for a GB. Every reader says at its end,
 * as dd(1) does, how many bytes have arrived: all must have.
 *
 *     $ ./throughput splice 1024 /dev/shm/file /dev/null
 *     13915.6 0.07
 */
#define _GNU_SOURCE /* splice, F_SETPIPE_SZ */
#include <fcntl.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "bench.h"

enum { BLOCK = 65536, LARGE = 1048576 };
enum { ROOM, FULL }; /* the System V semaphores of the lock-step */

/* The segment of the lock-step. */
struct box {
    size_t length; /* bytes in data; 0: end of file */
    char data[BLOCK];
};

static int in, out;            /* FILE and OUTPUT */
static int ends[2] = {-1, -1}; /* of a pipe or sockets: to read, to write */
static struct box *box;
static size_t step;               /* bytes a step */
static const char *folder, *name; /* of the stream pair */
static pid_t writer;

/* --- dd(1) ---------------------------------------------------------------- */

static void make_pipe(void)
{
    if (pipe2(ends, O_CLOEXEC) == -1)
        err(1, "pipe");
}

static void send_dd(void)
{
    bench_become(in, ends[1], "dd", "bs=64k", NULL);
}

static void receive_dd(void)
{
    bench_become(ends[0], out, "dd", "bs=64k", NULL);
}

/* One process does both. */
static void copy_dd(void)
{
    bench_become(in, out, "dd", "bs=64k", NULL);
}

/* --- the stream pair ------------------------------------------------------ */

static void run_stream(const char *side)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/stream_%s", folder, side);
    bench_become(in, out, path, "-s", name);
}

static void send_stream(void)
{
    run_stream("writer");
}

static void receive_stream(void)
{
    run_stream("reader");
}

static void make_stream(void)
{
    bench_hear(bench_child(&writer, send_stream), "waiting for a reader");
}

/* --- read(2) and write(2) ------------------------------------------------- */

static void put(const char *bytes, size_t length, int to)
{
    while (length > 0) {
        ssize_t n = write(to, bytes, length);
        if (n == -1)
            err(1, "write");
        bytes += n;
        length -= (size_t)n;
    }
}

static void copy(int from, int to)
{
    static char block[BLOCK];
    unsigned long long total = 0;
    ssize_t n;
    for (; (n = read(from, block, sizeof block)) > 0; total += (size_t)n)
        put(block, (size_t)n, to);
    if (n == -1)
        err(1, "read");
    fprintf(stderr, "%llu bytes\n", total);
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

static void send_copy(void)
{
    copy(in, ends[1]);
}

static void receive_copy(void)
{
    close(ends[1]); /* else it never sees the end of file */
    copy(ends[0], out);
}

/* --- splice(2): the file's pages go through the pipe, nothing is copied --- */

static void splice_all(int from, int to)
{
    unsigned long long total = 0;
    ssize_t n;
    while ((n = splice(from, NULL, to, NULL, LARGE, SPLICE_F_MOVE)) > 0)
        total += (size_t)n;
    if (n == -1)
        err(1, "splice");
    fprintf(stderr, "%llu bytes\n", total);
}

static void send_splice(void)
{
    splice_all(in, ends[1]);
}

static void receive_splice(void)
{
    close(ends[1]);
    splice_all(ends[0], out);
}

/* --- lock-step: one box, and only the process that has it works ----------- */

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

static void send_step(void)
{
    ssize_t n;
    do {
        bench_semop(ROOM, -1);
        n = read(in, box->data, step);
        if (n == -1)
            err(1, "read");
        box->length = (size_t)n;
        bench_semop(FULL, 1);
    } while (n > 0);
}

static void receive_step(void)
{
    unsigned long long total = 0;
    size_t length;
    do {
        bench_semop(FULL, -1);
        length = box->length;
        put(box->data, length, out);
        total += length;
        bench_semop(ROOM, 1);
    } while (length > 0);
    fprintf(stderr, "%llu bytes\n", total);
}

/* --- the measurement ------------------------------------------------------ */

static void none(void)
{
}

static const struct method {
    const char *name;
    void (*make)(void), (*send)(void), (*receive)(void);
} methods[] = {
    {"dd-dd", make_pipe, send_dd, receive_dd},
    {"dd", none, NULL, copy_dd},
    {"stream", make_stream, NULL, receive_stream},
    {"pipe-1M", make_large_pipe, send_copy, receive_copy},
    {"unix", make_socket, send_copy, receive_copy},
    {"splice", make_large_pipe, send_splice, receive_splice},
    {"step-1K", make_small_box, send_step, receive_step},
    {"step-64K", make_box, send_step, receive_step},
};

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
    const struct method *m = methods;
    const struct method *after = m + sizeof methods / sizeof methods[0];
    while (argc >= 5 && m < after && strcmp(argv[1], m->name) != 0)
        m++;
    if (argc != (m < after && m->make == make_stream ? 7 : 5) || m == after)
        errx(2, "usage: throughput METHOD MIB FILE OUTPUT [FOLDER NAME]");
    const unsigned long long size = strtoull(argv[2], NULL, 10) * LARGE;
    in = open(argv[3], O_RDONLY | O_CLOEXEC);
    out = open(argv[4], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (in == -1 || out == -1 || lseek(in, -(off_t)size, SEEK_END) == -1)
        err(1, "open %s and %s", argv[3], argv[4]);
    folder = argv[5];
    name = folder == NULL ? NULL : argv[6];

    m->make();
    double since = bench_now();
    if (m->send != NULL)
        bench_child(&writer, m->send);
    pid_t reader;
    int story = bench_child(&reader, m->receive);
    close(ends[0]);
    close(ends[1]);
    const char *said = bench_hear(story, " bytes");
    end("reader", reader);
    if (writer != 0)
        end("writer", writer);
    double seconds = bench_now() - since;

    /* The number is the word before " bytes". */
    const char *number = strstr(said, " bytes");
    while (number > said && strchr("0123456789", number[-1]) != NULL)
        number--;
    if (strtoull(number, NULL, 10) != size)
        errx(1, "not %llu bytes: %s", size, said);
    printf("%.1f %.4f\n", (double)size / 1e6 / seconds,
           cpu / ((double)size / 1e9));
    return 0;
}
