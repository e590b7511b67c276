/*
 * parent_child - a parent writes, its child reads                (lesson 3)
 *
 * What is mapped MAP_SHARED before fork(2) is the same memory in both
 * processes after it. But the same memory is not yet a message: whoever does not
 * wait reads too early, sooner or later. The bell is a semaphore on a second
 * page, which belongs to no file (MAP_ANONYMOUS).
 *
 *     $ ./mmap/parent_child
 *     你是我儿子吗？
 *
 * What orders the accesses: the parent writes text and length, then posts the
 * semaphore; the child waits for it, then reads both. A sem_wait(3) that
 * returns sees all that came before the sem_post(3) (POSIX XBD, "Memory
 * Synchronization"). Two runs on one file take turns by its lock.
 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct bell {
    sem_t written; /* 0 until the parent has written; taken by the child */
    size_t length; /* bytes of text, by the parent before it posts */
};

static const char usage[] =
    "usage: parent_child [-m TEXT] [FILE]\n"
    "Write TEXT to the start of FILE (data/work/english.txt); a child prints it.";

/* Wait for the bell, but not for a bell that nobody will ring any more: when
   the parent dies another process becomes ours, see getppid(2). */
static void wait_for(struct bell *bell, pid_t parent)
{
    for (;;) {
        int orphan = getppid() != parent; /* asked before the last look */
        struct timespec until = {.tv_sec = time(NULL) + (orphan ? 0 : 1)};
        if (sem_timedwait(&bell->written, &until) == 0)
            return;
        if (errno == ETIMEDOUT && orphan)
            errx(1, "child: the parent died before it had written");
        if (errno != ETIMEDOUT && errno != EINTR)
            err(1, "child: sem_timedwait");
    }
}

int main(int argc, char **argv)
{
    const char *text = "你是我儿子吗？";
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
    const char *path = optind < argc ? argv[optind] : "data/work/english.txt";

    /* Never let a file get the number of a closed stdout or stderr. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    /* 1. Open the file. A child has its parent's descriptors, and the lock is
       kept until both have closed this one. */
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd == -1)
        err(1, "open %s", path);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1) {
        fprintf(stderr, "parent_child[%d]: waiting for the lock on %s\n",
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
    while (length > 0 && (errno = posix_fallocate(fd, 0, (off_t)length)) != 0)
        if (errno != EINTR) /* else there are no holes now: file_writer.c */
            err(1, "allocate %zu bytes of %s", length, path);

    /* 3. Map the file for the text, and a page of no file for the bell. */
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s, %zu bytes", path, size);
    struct bell *bell = mmap(NULL, sizeof *bell, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (bell == MAP_FAILED)
        err(1, "mmap %zu anonymous bytes", sizeof *bell);
    if (sem_init(&bell->written, 1, 0) == -1) /* 1: between processes */
        err(1, "sem_init");

    /* 4. Use them: one memory, two processes. */
    signal(SIGCHLD, SIG_DFL); /* ignored, it takes waitpid(2) the status */
    pid_t parent = getpid(), child = fork();
    if (child == -1)
        err(1, "fork");
    if (child == 0) {
        wait_for(bell, parent);
        if (fwrite(map, 1, bell->length, stdout) != bell->length ||
            putchar('\n') == EOF || fflush(stdout) == EOF)
            err(1, "child: write to stdout");
        return 0;
    }
    fprintf(stderr, "parent_child[%d]: mapped %s, %zu bytes, for child %d\n",
            parent, path, size, child);
    bell->length = length;
    memcpy(map, text, length);
    if (sem_post(&bell->written) == -1)
        err(1, "sem_post");

    int status;
    while (waitpid(child, &status, 0) == -1)
        if (errno != EINTR)
            err(1, "waitpid %d", child);
    if (WIFSIGNALED(status))
        errx(1, "child %d was killed: %s", child, strsignal(WTERMSIG(status)));
    if (status != 0)
        errx(1, "child %d failed", child);

    /* 5. Unmap. */
    if (munmap(bell, sizeof *bell) == -1 || munmap(map, size) == -1)
        err(1, "munmap");
    return 0;
}
