/*
 * line.c - writers and readers at the other end of a lifeline that are none of ours
 *
 *     line writer LESSON NAME [FIELD=NUMBER]...
 *     line reader LESSON NAME [FIELD=NUMBER]...
 *     line NAME fill COUNT SEED ./posix_shm/stream_reader -s NAME
 *
 * LESSON is sealed or stream. The writer serves whoever connects, and says `came`
 * each time, until it is killed. What it sends: nothing=1, a byte alone; close=1,
 * not even that; or object=N, a descriptor of 0 memory, 1 a file, 2 a folder, 3 an
 * object of /dev/shm, 4 huge pages, 5 a pipe, 6 a device, 7 a socket, 8 memory that
 * cannot be sealed. twice=1 sends it two times in one message. Of memory:
 * size=N, seals=N, text=N: the byte that fills it, hole=1: or nothing does; and
 * length=N, of each slot of a ring. rings=N: so often it rings then, at once, with
 * end=1 for ever.
 *
 * The reader goes at once with go=1; or when it has the descriptor, with take=1; or
 * it says `has it`, rings=N times at once, and waits for the end; change=1: it first
 * tries to change what it was sent. uid=N: both can be another user at the address
 * of this one.
 */
#define _GNU_SOURCE
#include "../../../posix_shm/lifeline.h"
#include "../../../posix_shm/stream.h"

#include "hostile.h"

#include <fcntl.h>
#include <sys/mman.h>

static struct sockaddr_un address;
static socklen_t address_size;
static int line;

enum { SEALED = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL };
enum { RING = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL };

static struct {
    const char *name;
    long long n;
} fields[] = {{"nothing", 0}, {"close", 0},  {"object", 0}, {"twice", 0},
              {"size", -1},   {"seals", -1}, {"text", 97},  {"hole", 0},
              {"length", 1},  {"rings", 0},  {"end", 0},    {"uid", -1},
              {"go", 0},      {"take", 0},   {"change", 0}};

static long long of(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].name, name) == 0)
            return fields[i].n;
    errx(2, "no field %s", name);
}

static void read_fields(char **a)
{
    for (; *a != NULL; a++) {
        size_t i = 0;
        while (i < sizeof fields / sizeof *fields &&
               !field(*a, fields[i].name, &fields[i].n))
            i++;
        if (i == sizeof fields / sizeof *fields)
            errx(2, "what is %s?", *a);
    }
}

static int take_the_address(void)
{
    int door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(door, (void *)&address, address_size) == -1 ||
        listen(door, 8) == -1)
        err(2, "bind @%s", address.sun_path + 1);
    return door;
}

/* Memory as told: filled, mapped before it is sealed, so that it can be written on. */
static int make_memory(bool stream, unsigned flags)
{
    long long size = of("size"), seals = of("seals");
    if (size == -1)
        size = stream ? (long long)sizeof(struct stream) : 10000;
    if (seals == -1)
        seals = stream ? RING : SEALED;
    if ((flags & MFD_HUGETLB) && of("size") == -1)
        size = 1 << 21;
    int fd = memfd_create("hostile", flags);
    if (fd == -1 || ftruncate(fd, size) == -1)
        err(2, "memory");
    if (!of("hole") && !(flags & MFD_HUGETLB) && size > 0) {
        struct stream *s =
            mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (s == MAP_FAILED)
            err(2, "mmap");
        memset(s, (int)of("text"), (size_t)size);
        for (int i = 0; i < SLOTS && size >= (long long)sizeof *s; i++)
            s->length[i] = (uint32_t)of("length");
        munmap(s, (size_t)size);
    }
    if ((flags & MFD_ALLOW_SEALING) && fcntl(fd, F_ADD_SEALS, (int)seals) == -1)
        err(2, "seal");
    return fd;
}

static int make_object(bool stream)
{
    int fd[2] = {-1, -1};
    char name[32];
    switch (of("object")) {
    case 0:
        return make_memory(stream, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    case 1:
        return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    case 2:
        return open("/dev/shm", O_RDONLY | O_CLOEXEC);
    case 3:
        snprintf(name, sizeof name, "/shm_test.line.%d", getpid());
        fd[0] = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        shm_unlink(name);
        if (ftruncate(fd[0], stream ? sizeof(struct stream) : 10000) == -1)
            err(2, "object");
        return fd[0];
    case 4:
        return make_memory(stream,
                           MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);
    case 5:
        if (pipe(fd) == -1)
            err(2, "pipe");
        return fd[0];
    case 6:
        return open("/dev/zero", O_RDWR | O_CLOEXEC);
    case 7:
        return socket(AF_UNIX, SOCK_STREAM, 0);
    default:
        return make_memory(stream, MFD_CLOEXEC);
    }
}

static void send_two(int fd)
{
    int both[2] = {fd, fd};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof both)] = {0};
    struct msghdr m = {.msg_iov = &(struct iovec){(char[1]){0}, 1},
                       .msg_iovlen = 1,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    c->cmsg_len = CMSG_LEN(sizeof both);
    memcpy(CMSG_DATA(c), both, sizeof both);
    sendmsg(line, &m, MSG_NOSIGNAL);
}

static void ring(long long times, bool forever)
{
    static char bytes[65536];
    while (forever && send(line, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        ;
    if (!forever && times > 0)
        send(line, bytes, (size_t)times, MSG_NOSIGNAL);
}

static void be_a_writer(bool stream)
{
    int door = take_the_address();
    int fd = of("nothing") || of("close") ? -1 : make_object(stream);
    if (fd == -1 && !of("nothing") && !of("close"))
        err(2, "object");
    /* Who connects is told whose process called listen(2): call it again. */
    if (of("uid") != -1 &&
        (setuid((uid_t)of("uid")) == -1 || listen(door, 8) == -1))
        err(2, "setuid");
    fprintf(stderr, "ready\n");
    for (;;) {
        line = accept4(door, NULL, NULL, SOCK_CLOEXEC);
        fprintf(stderr, "came\n");
        if (of("close")) {
            close(line);
            continue;
        }
        if (fd == -1)
            lifeline_ring(line);
        else if (of("twice"))
            send_two(fd);
        else
            lifeline_pass(line, fd);
        ring(of("rings"), of("end"));
        /* Until it goes: then the next one. */
        char byte;
        while (read(line, &byte, 1) > 0)
            ;
        close(line);
    }
}

/* What was sent cannot be written, resized, sealed, or have holes cut into it. */
static void change(int fd)
{
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int again = open(self, O_RDWR | O_CLOEXEC);
    if (pwrite(fd, "x", 1, 0) != -1 || pwrite(again, "x", 1, 0) != -1)
        fprintf(stderr, "can write\n");
    if (mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0) !=
            MAP_FAILED ||
        mmap(NULL, 1, PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
        fprintf(stderr, "can map to write\n");
    if (ftruncate(fd, 0) != -1 || ftruncate(again, 1 << 30) != -1)
        fprintf(stderr, "can resize\n");
    if (fallocate(again, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) !=
        -1)
        fprintf(stderr, "can cut holes\n");
    /* The first is refused, too, while the writer has it mapped. */
    if (fcntl(again, F_ADD_SEALS, F_SEAL_WRITE) != -1 ||
        fcntl(again, F_ADD_SEALS, F_SEAL_SEAL) != -1)
        fprintf(stderr, "can seal\n");
    close(again);
}

static void be_a_reader(void)
{
    if (of("uid") != -1 && setuid((uid_t)of("uid")) == -1)
        err(2, "setuid");
    line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(line, (void *)&address, address_size) == -1)
        err(2, "connect @%s", address.sun_path + 1);
    if (of("go"))
        return;
    int fd = lifeline_pass(line, -1);
    if (of("take"))
        return;
    if (of("change"))
        change(fd);
    fprintf(stderr, "has it\n");
    ring(of("rings"), of("end"));
    char byte;
    while (read(line, &byte, 1) > 0)
        ;
    fprintf(stderr, "the end\n");
}

/* --- random ones, for stream_reader --------------------------------------- */

static int door = -1;
static struct stream *s;

/* Make a ring, start the reader and send it. */
static void meet(char **command)
{
    int fd = memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd == -1 || ftruncate(fd, sizeof *s) == -1)
        err(2, "memory");
    s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED || fcntl(fd, F_ADD_SEALS, RING) == -1)
        err(2, "seal");
    reader_start(command);
    int status;
    for (struct pollfd p = {.fd = door, .events = POLLIN}; poll(&p, 1, 1) == 0;)
        if (reader_ends(1, &status))
            wrong("did not come: status %d", status);
    line = accept4(door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (line == -1 || lifeline_pass(line, fd) == -1)
        err(2, "send");
    close(fd);
}

/* The slots that the reader has given back are ours. How many? */
static int rooms(void)
{
    char bytes[64];
    ssize_t n = read(line, bytes, sizeof bytes);
    return n > 0 ? (int)n : 0;
}

/* Some slots as a writer fills them, up to one whose length is none. */
static void strange_length(char **command)
{
    static char text[PRINTED_MAX];
    size_t size = 0;
    uint32_t length = 1, slots = below(3 * SLOTS);
    int room = SLOTS, status = -1;
    meet(command);
    for (unsigned n = 0; length > 0 && length <= SLOT_SIZE; n++) {
        while (room == 0 && !reader_ends(1, &status))
            room = rooms();
        if (room-- == 0)
            wrong("ended at slot %u: status %d", n, status);
        length = below(4) ? 1 + below(SLOT_SIZE) : SLOT_SIZE - below(2);
        if (size + length > PRINTED_MAX)
            length = 1;
        if (n >= slots && below(3) == 0)
            length = 0;
        else if (n >= slots)
            length =
                SLOT_SIZE + 1 + (below(2) ? (uint32_t)any() / 2 : below(9));
        s->length[n % SLOTS] = length;
        any_bytes(s->slot[n % SLOTS], 100);
        if (length <= SLOT_SIZE) {
            memcpy(text + size, s->slot[n % SLOTS], length);
            size += length;
        }
        lifeline_ring(line);
    }
    reader_has_to(length != 0, text, size);
}

/* All of it again and again while the reader is at work. A slot has a letter of
   its own, and nothing beside the slots has one. */
static void write_on(char **command)
{
    enum { RINGS = PRINTED_MAX / SLOT_SIZE - 1 };
    bool two_faced = below(2);
    int rings = 0, status;
    meet(command);
    for (int n = 0; n < SLOTS; n++)
        memset(s->slot[n], 'a' + n, SLOT_SIZE);
    while (!reader_ends(0, &status)) {
        if (rings < RINGS && below(3) == 0)
            lifeline_ring(line), rings++;
        else if (rings == RINGS && below(100) == 0)
            shutdown(line, SHUT_RDWR);
        /* Faster than the reader can look twice. */
        for (uint32_t i = 0; i < 2000; i++)
            s->length[below(SLOTS)] =
                two_faced && i % 2 ? ~i : below(SLOT_SIZE + 1);
    }
    const char *printed;
    size_t size;
    reader_ended(status, &printed, &size);
    if (size > (size_t)RINGS * SLOT_SIZE)
        wrong("printed %zu bytes of %d slots", size, RINGS);
    for (size_t i = 0; i < size; i++)
        if (printed[i] < 'a' || printed[i] >= 'a' + SLOTS)
            wrong("printed what is not in a slot");
}

static void filling(char **command)
{
    if (below(5) < 4)
        strange_length(command);
    else
        write_on(command);
    close(line);
    munmap(s, sizeof *s);
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        address_size = lifeline_address(&address, "stream", argv[1]);
        door = take_the_address();
        fillings(argc, argv, filling);
        return 0;
    }
    if (argc < 4)
        errx(2, "writer|reader LESSON NAME [FIELD=NUMBER]...");
    bool stream = strcmp(argv[2], "stream") == 0;
    address_size = lifeline_address(&address, argv[2], argv[3]);
    read_fields(argv + 4);
    if (strcmp(argv[1], "writer") == 0)
        be_a_writer(stream);
    be_a_reader();
    return 0;
}
