/*
 * file_reader - print a file through memory                      (lesson 1)
 *
 * The other half of file_writer: the same steps with less rights. What the
 * kernel is told not to allow, a bug cannot do: a store through this mapping
 * is a SIGSEGV and not a changed file.
 *
 *     $ ./mmap/file_reader
 *     Shared memory is a blackboard in the hallway. Whoever passes ...
 *
 * What orders the accesses: the lock on the file, see file_writer.c.
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: file_reader [FILE]\n"
    "Print FILE (data/work/test.txt), byte for byte.";

int main(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "h")) != -1) {
        switch (option) {
        default:
            if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
                fflush(stdout) == EOF)
                err(1, "write to stdout");
            return option == 'h' ? 0 : 2;
        }
    }
    if (argc - optind > 1)
        errx(2, "one FILE, no more\n%s", usage);
    const char *path = optind < argc ? argv[optind] : "data/work/test.txt";

    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    /* 1. Open the file. O_NONBLOCK changes nothing for a regular file, but
       without it open(2) would wait for ever at a FIFO, see fifo(7). */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd == -1)
        err(1, "open %s", path);
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1) {
        fprintf(stderr, "file_reader[%d]: waiting for the lock on %s\n",
                getpid(), path);
        while (fcntl(fd, F_OFD_SETLKW, &lock) == -1)
            if (errno != EINTR)
                err(1, "lock %s", path);
    }

    /* 2. Its size. */
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat %s", path);
    if (!S_ISREG(st.st_mode))
        errx(1, "%s is not a regular file", path);
    if (st.st_nlink == 0)
        errx(1, "%s was removed while we waited for it", path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        errx(1, "%s belongs to user %u, not to you", path, st.st_uid);
    if (st.st_size == 0)
        errx(1, "%s is empty, and mmap(2) maps no 0 bytes (EINVAL)", path);
    size_t size = (size_t)st.st_size;
    if ((off_t)size != st.st_size)
        errx(1, "%s has more bytes than there are addresses", path);

    /* 3. Map it: to read only. */
    const char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, %zu bytes", path, size);
    fprintf(stderr, "file_reader[%d]: mapped %s, %zu bytes\n", getpid(), path,
            size);

    /* 4. Use it. */
    if (fwrite(map, 1, size, stdout) != size || fflush(stdout) == EOF)
        err(1, "write to stdout");

    /* 5. Unmap. */
    if (munmap((void *)map, size) == -1)
        err(1, "munmap %s", path);
    close(fd); /* and with it the lock */
    return 0;
}
