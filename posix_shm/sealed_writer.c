/*
 * sealed_writer - hand over memory that nobody can change again  (lesson 2.2)
 *
 *     terminal 1$ ./posix_shm/sealed_writer <data/english.txt
 *     terminal 2$ ./posix_shm/sealed_reader
 *
 * Shared memory needs no name: memfd_create(2) makes a file in memory, and its
 * descriptor goes to the reader through a socket. Seals forbid everybody to
 * write to it or to resize it. So the reader can trust what it has checked.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lifeline.h"

int main(int argc, char **argv)
{
    const char *name = "tutorial";
    for (int o; (o = getopt(argc, argv, "s:")) != -1 || optind < argc;
         name = optarg)
        if (o != 's')
            errx(2, "usage: sealed_writer [-s NAME] <INPUT");

    /* 1. Take the address. While we live, nobody else can. */
    struct sockaddr_un a;
    socklen_t size = lifeline_address(&a, "sealed", name);
    int door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(door, (void *)&a, size) == -1 || listen(door, 8) == -1)
        err(1, "bind @%s (another writer's?)", a.sun_path + 1);

    /* 2. Fill a file in memory. The kernel sets no limit, so we do. */
    int fd = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd == -1)
        err(1, "memfd_create");
    static char bytes[1 << 16];
    long long most =
        (long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 2;
    ssize_t n;
    while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        if ((most -= n) < 0)
            errx(1, "INPUT is larger than half of this machine's memory");
        if (write(fd, bytes, (size_t)n) != n)
            errx(1, "cannot write all to the memory file (ulimit -f?)");
    }
    if (n == -1)
        err(1, "read from stdin");

    /* 3. Seal it. From now on it cannot be changed, not even by us. */
    if (fcntl(fd, F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == -1)
        err(1, "F_ADD_SEALS");

    /* 4. Send it to the first reader that is alive, and of our user. */
    fprintf(stderr, "sealed_writer[%d]: waiting for a reader at @%s\n",
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

    /* 5. Wait until the reader has mapped it. Then we may end. */
    lifeline_rung(line, "reader");
    return 0;
}
