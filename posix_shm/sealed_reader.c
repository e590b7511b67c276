/*
 * sealed_reader - print the memory that sealed_writer hands over (lesson 2.2)
 *
 * What comes from another process may be anything, and may change while we look
 * at it. So we ask the kernel first: is it memory, how large, and sealed? Then
 * nobody can change it, and no access can be a SIGBUS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include "lifeline.h"

enum { TMPFS_MAGIC = 0x01021994 }; /* statfs(2) */

int main(int argc, char **argv)
{
    const char *name = "tutorial";
    for (int o; (o = getopt(argc, argv, "s:")) != -1 || optind < argc;
         name = optarg)
        if (o != 's')
            errx(2, "usage: sealed_reader [-s NAME] >OUTPUT");

    /* 1. Try every 5 ms, until a writer sends its descriptor. */
    struct sockaddr_un a;
    socklen_t length = lifeline_address(&a, "sealed", name);
    fprintf(stderr, "sealed_reader[%d]: waiting for a writer at @%s\n",
            getpid(), a.sun_path + 1);
    int line, fd;
    for (;; close(line), nanosleep(&(struct timespec){.tv_nsec = 5000000}, 0)) {
        line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(line, (void *)&a, length) == -1) {
            if (errno != ECONNREFUSED)
                err(1, "connect @%s", a.sun_path + 1);
        } else if (lifeline_user(line) != geteuid())
            errx(1, "@%s belongs to user %u", a.sun_path + 1,
                 lifeline_user(line));
        else if ((fd = lifeline_pass(line, -1)) != -1)
            break;
    }

    /* 2. Ask the kernel what it is, before you touch it. */
    const int want = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    int seals = fcntl(fd, F_GET_SEALS);
    struct stat st;
    struct statfs fs;
    if (fstat(fd, &st) == -1 || fstatfs(fd, &fs) == -1)
        err(1, "fstat");
    if (fs.f_type != TMPFS_MAGIC || seals == -1 || (seals & want) != want)
        errx(1, "the writer sent something that is not sealed memory");
    if (st.st_size > 0 && lseek(fd, 0, SEEK_HOLE) != st.st_size)
        errx(1, "the writer sent memory with holes"); /* no memory yet */

    /* 3. Map it. Linux before 6.7 refuses MAP_SHARED after F_SEAL_WRITE. An empty
       file cannot be mapped, and need not be. */
    size_t size = (size_t)st.st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED && size > 0)
        err(1, "mmap");

    /* 4. Our mapping keeps the memory: the writer may end. Print it. */
    lifeline_ring(line);
    if (fwrite(bytes, 1, size, stdout) != size || fflush(stdout) == EOF)
        err(1, "write to stdout");
    return 0;
}
