/*
 * stream_reader - take a stream of bytes out of shared memory    (lesson 2.3)
 *
 * The other half of stream_writer. It maps the ring to read only, and refuses a
 * length that is larger than a slot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lifeline.h"
#include "stream.h"

int main(int argc, char **argv)
{
    const char *name = "tutorial";
    for (int o; (o = getopt(argc, argv, "s:")) != -1 || optind < argc;
         name = optarg)
        if (o != 's')
            errx(2, "usage: stream_reader [-s NAME] >OUTPUT");

    /* 1. Try every 5 ms, until a writer sends its descriptor. */
    struct sockaddr_un a;
    socklen_t size = lifeline_address(&a, "stream", name);
    fprintf(stderr, "stream_reader[%d]: waiting for a writer at @%s\n",
            getpid(), a.sun_path + 1);
    int line, fd;
    for (;; close(line), nanosleep(&(struct timespec){.tv_nsec = 5000000}, 0)) {
        line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(line, (void *)&a, size) == -1) {
            if (errno != ECONNREFUSED)
                err(1, "connect @%s", a.sun_path + 1);
        } else if (lifeline_user(line) != geteuid())
            errx(1, "@%s belongs to user %u", a.sun_path + 1,
                 lifeline_user(line));
        else if ((fd = lifeline_pass(line, -1)) != -1)
            break;
    }

    /* 2. Look at what it is before you touch it. Map it to read only. */
    const int want = F_SEAL_SHRINK | F_SEAL_GROW;
    int seals = fcntl(fd, F_GET_SEALS);
    struct stat st;
    if (fstat(fd, &st) == -1 || st.st_size != sizeof(struct stream) ||
        seals == -1 || (seals & want) != want)
        errx(1, "the writer sent something that is not a ring");
    struct stream *s = mmap(NULL, sizeof *s, PROT_READ, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED)
        err(1, "mmap");

    /* 3. If stdout is a pipe or a terminal, open it again with O_NONBLOCK, so that
       write(2) never sleeps: lifeline_ready does, and notices a death. */
    int out = -1;
    if (lseek(STDOUT_FILENO, 0, SEEK_CUR) == -1)
        out = open("/dev/stdout", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (out == -1)
        out = STDOUT_FILENO;

    /* 4. Empty slot after slot. If none is full, wait for one. */
    unsigned long long total = 0;
    size_t length = 1;
    for (int i = 0, full = 0; length > 0; i = (i + 1) % SLOTS, full--) {
        stream_report(total, 0);
        if (full == 0)
            full = lifeline_rung(line, "writer");
        length = s->length[i]; /* atomic: what we check is what we use */
        if (length > SLOT_SIZE)
            errx(1, "the writer claims %zu bytes in a slot", length);
        for (size_t done = 0; done < length;) {
            lifeline_ready(out, POLLOUT, line, "writer");
            ssize_t n = write(out, s->slot[i] + done, length - done);
            if (n == -1 && errno != EAGAIN)
                err(1, "write to stdout");
            done += n > 0 ? (size_t)n : 0;
        }
        total += length;
        lifeline_ring(line);
    }
    stream_report(total, 1);
    return 0;
}
