/*
 * meeting - a writer waits and a reader comes: how long does it take?
 *
 *     meeting message|sealed|stream WRITER NAME MIB FILE
 *
 * Runs WRITER, a program of chapter 2, with -s NAME and the last MIB of FILE as
 * its stdin. Then it does what the reader of that lesson does, and takes the
 * time from its first call until it has the memory and may read it. Prints
 * that in microseconds; the milliseconds of the first look at each page; and
 * those from the start of the writer until it waited for a reader. Sealed
 * memory is filled in these.
 *
 *     $ ./meeting sealed posix_shm/sealed_writer bench 1024 /dev/shm/file
 *     45.1 162.3 498.0
 */
#define _GNU_SOURCE /* struct ucred, F_GET_SEALS, sem_clockwait */
#include "../../posix_shm/lifeline.h"
#include "../../posix_shm/message.h"
#include "../../posix_shm/stream.h"

#include "bench.h"

static const char *program, *name;
static int in;
static size_t size;

static void run_writer(void)
{
    bench_become(in, STDOUT_FILENO, program, "-s", name);
}

static const char *map(int fd, int rights)
{
    const char *memory = mmap(NULL, size, rights, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        err(1, "mmap");
    return memory;
}

/* The steps 1 and 2 of posix_shm/reader.c, and the first wait. */
static const char *meet_message(void)
{
    int fd = shm_open(name, O_RDWR, 0);
    if (fd == -1 || !message_made(name, fd) ||
        !message_lock(fd, F_TLOCK, READER, 1) || !message_named(fd) ||
        message_lock(fd, F_TEST, WRITER, 1))
        err(1, "open and lock %s", name);
    size = sizeof(struct message);
    const char *memory = map(fd, PROT_READ | PROT_WRITE);
    struct message *m = (void *)memory;
    if (shm_unlink(name) == -1 || !message_wait(&m->full, fd, WRITER))
        err(1, "meet at %s", name);
    return memory;
}

/* The steps of sealed_reader.c and stream_reader.c. */
static const char *meet_line(const char *lesson)
{
    struct sockaddr_un a;
    socklen_t length = lifeline_address(&a, lesson, name);
    int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(line, (void *)&a, length) == -1 ||
        lifeline_user(line) != geteuid())
        err(1, "connect");
    int fd = lifeline_pass(line, -1);
    struct stat st;
    if (fd == -1 || fstat(fd, &st) == -1 || fcntl(fd, F_GET_SEALS) == -1)
        err(1, "receive a descriptor");
    size = (size_t)st.st_size;
    const char *memory = map(fd, PROT_READ);
    if (strcmp(lesson, "sealed") == 0)
        lifeline_ring(line);
    else
        lifeline_rung(line, "writer");
    return memory;
}

int main(int argc, char **argv)
{
    bench_start();
    if (argc != 6)
        errx(2, "usage: meeting message|sealed|stream WRITER NAME MIB FILE");
    program = argv[2];
    name = argv[3];
    off_t bytes = (off_t)strtol(argv[4], NULL, 10) * 1048576;
    in = open(argv[5], O_RDONLY | O_CLOEXEC);
    if (in == -1 || lseek(in, -bytes, SEEK_END) == -1)
        err(1, "open %s", argv[5]);

    double t[4] = {bench_now()};
    pid_t writer;
    bench_hear(bench_child(&writer, run_writer), "waiting for a reader");
    t[1] = bench_now();
    const char *memory =
        strcmp(argv[1], "message") == 0 ? meet_message() : meet_line(argv[1]);
    t[2] = bench_now();
    for (size_t i = 0; i < size; i += 4096)
        ((const volatile char *)memory)[i];
    t[3] = bench_now();

    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0); /* the next one takes the same address */
    printf("%.1f %.3f %.3f\n", (t[2] - t[1]) * 1e6, (t[3] - t[2]) * 1e3,
           (t[1] - t[0]) * 1e3);
    return 0;
}
