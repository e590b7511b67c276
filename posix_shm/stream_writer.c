/*
 * stream_writer - send a stream of bytes through shared memory   (lesson 2.3)
 *
 *     terminal 1$ ./posix_shm/stream_writer <data/english.txt
 *     terminal 2$ ./posix_shm/stream_reader >copy
 *
 * read(2) puts the bytes into a slot of a ring, and the reader's write(2) takes
 * them out of it: the kernel copies, the programs do not. stream.h says whose
 * turn it is, and lifeline.h what happens when one of the two dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "lifeline.h"
#include "stream.h"

int main(int argc, char **argv)
{
    const char *name = "tutorial";
    for (int o; (o = getopt(argc, argv, "s:")) != -1 || optind < argc;
         name = optarg)
        if (o != 's')
            errx(2, "usage: stream_writer [-s NAME] <INPUT");

    /* 1. Take the address. While we live, nobody else can. */
    struct sockaddr_un a;
    socklen_t size = lifeline_address(&a, "stream", name);
    int door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(door, (void *)&a, size) == -1 || listen(door, 8) == -1)
        err(1, "bind @%s (another writer's?)", a.sun_path + 1);

    /* 2. Make the ring: posix_fallocate takes the memory, the seals fix its size,
       and nobody but our mapping can write to it. */
    const int seals =
        F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
    int fd = memfd_create("stream", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd == -1 || (errno = posix_fallocate(fd, 0, sizeof(struct stream))))
        err(1, "allocate %zu bytes", sizeof(struct stream));
    struct stream *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED || fcntl(fd, F_ADD_SEALS, seals) == -1)
        err(1, "map and seal");

    /* 3. Send it to the first reader that is alive, and of our user. */
    fprintf(stderr, "stream_writer[%d]: waiting for a reader at @%s\n",
            getpid(), a.sun_path + 1);
    int line;
    for (;; close(line)) {
        line = accept4(door, NULL, NULL, SOCK_CLOEXEC);
        if (line == -1)
            err(1, "accept");
        if (lifeline_user(line) != geteuid())
            warnx("refused: a reader of user %u", lifeline_user(line));
        else if (lifeline_pass(line, fd) != -1)
            break;
    }

    /* 4. Fill slot after slot. If all are the reader's, wait for one. */
    int room = SLOTS;
    for (int i = 0, more = 1; more; i = (i + 1) % SLOTS) {
        if (room == 0)
            room = lifeline_rung(line, "reader");
        lifeline_ready(STDIN_FILENO, POLLIN, line, "reader");
        ssize_t n = read(STDIN_FILENO, s->slot[i], SLOT_SIZE);
        if (n == -1)
            err(1, "read from stdin");
        s->length[i] = (uint32_t)n;
        more = n > 0;
        room--;
        lifeline_ring(line);
    }

    /* 5. Wait until the reader has given all slots back. */
    while (room < SLOTS)
        room += lifeline_rung(line, "reader");
    return 0;
}
