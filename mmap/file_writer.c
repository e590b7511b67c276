/*
 * file_writer - read and change a file through memory            (lesson 1)
 *
 * mmap(2) makes the bytes of a file a piece of this process's memory: reading
 * the memory reads the file, writing to it writes the file. The file is the
 * meeting place: file_reader finds there what this program left.
 *
 *     $ ./mmap/file_writer
 *     buf = Shared memory is a blackboard in the hallway. Whoever ...
 *     $ ./mmap/file_reader
 *     yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaahoever ...
 *
 * What orders the accesses: the lock on the file. file_writer has it to itself
 * (F_WRLCK), file_readers share it (F_RDLCK), and the kernel drops it when its
 * holder ends, however it ends. See fcntl(2), "Open file description locks".
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: file_writer [-m TEXT] [FILE]\n"
    "Print FILE (data/work/test.txt), then write TEXT over its start.";

int main(int argc, char **argv)
{
    const char *text =
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaa"
        "a";
    int option;
    while ((option = getopt(argc, argv, "hm:")) != -1) {
        switch (option) {
        case 'm':
            text = optarg;
            break;
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

    /* If stdout or stderr were closed, open(2) would hand out their number,
       and what we print would land in the file. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    /* 1. Open the file. O_RDWR: a shared mapping that is written to needs a
       descriptor open for both, see EACCES in mmap(2). */
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd == -1)
        err(1, "open %s%s", path,
            errno == ELOOP ? " (a link is not written through)" : "");
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1) {
        fprintf(stderr, "file_writer[%d]: waiting for the lock on %s\n",
                getpid(), path);
        while (fcntl(fd, F_OFD_SETLKW, &lock) == -1)
            if (errno != EINTR)
                err(1, "lock %s", path);
    }

    /* 2. Its size is the size of the mapping: ask, never assume. And ask who
       else may shorten it: a mapped page that the file no longer has is a
       SIGBUS, see mmap(2). */
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
    size_t length = strlen(text);
    if (length > size)
        errx(1, "TEXT has %zu bytes, %s only %zu: a mapping cannot grow a file",
             length, path, size);

    /* A file may have holes, which take no place on the disk: when that is
       full, writing into one is a SIGBUS. posix_fallocate(3) says ENOSPC. */
    while (length > 0 && (errno = posix_fallocate(fd, 0, (off_t)length)) != 0)
        if (errno != EINTR)
            err(1, "allocate %zu bytes of %s", length, path);

    /* 3. Map it. MAP_SHARED: what we write goes to the file and to everyone
       who has it mapped. The mapping stays when the descriptor is closed. */
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, %zu bytes", path, size);
    fprintf(stderr, "file_writer[%d]: mapped %s, %zu bytes\n", getpid(), path,
            size);

    /* 4. Use it. A file is bytes with a length, not a string: fwrite(3), for
       printf("%s") would run past its end; memcpy(3), for strcpy(3) would put
       a NUL into it. The old text is out before the first byte changes. */
    if (fputs("buf = ", stdout) == EOF ||
        fwrite(map, 1, size, stdout) != size || putchar('\n') == EOF ||
        fflush(stdout) == EOF)
        err(1, "write to stdout: nothing was changed");
    memcpy(map, text, length);

    /* Another process that maps or reads the file sees the change already.
       msync(2) waits until it is on the disk, and reports a disk that fails. */
    if (msync(map, size, MS_SYNC) == -1)
        err(1, "msync %s", path);
    fprintf(stderr, "file_writer[%d]: wrote %zu bytes over its start\n",
            getpid(), length);

    /* 5. Unmap: the address mmap(2) returned, and the length it was given. */
    if (munmap(map, size) == -1)
        err(1, "munmap %s", path);
    close(fd); /* and with it the lock */
    return 0;
}
