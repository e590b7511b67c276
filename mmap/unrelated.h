/*
 * unrelated.h - where unrelated_writer and unrelated_reader meet (lesson 1.4)
 *
 * A file of 4096 bytes: zeros, and at offset 1024 a text and its NUL. Lock it,
 * flock(2), to read or write the text; without the lock you may see half of
 * one. A writer that is stopped while it has the lock makes everybody wait,
 * and a reader cannot tell whether a writer is alive: lesson 1.5 mends that.
 */
#ifndef UNRELATED_H
#define UNRELATED_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_FILE "data/work/temp"
enum { FILE_SIZE = 4096, TEXT_OFFSET = 1024, TEXT_SIZE = 3072 };

/* The first to come gives the file its size: mapped empty, it is a SIGBUS. */
static inline int open_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd == -1 || fstat(fd, &st) == -1)
        err(1, "open %s", path);
    if (st.st_size != 0 && st.st_size != FILE_SIZE)
        errx(1, "%s holds something else: name another FILE", path);

    errno = st.st_size == 0 ? posix_fallocate(fd, 0, FILE_SIZE) : 0;
    if (errno == EOPNOTSUPP && ftruncate(fd, FILE_SIZE) == 0)
        errno = 0; /* musl, on a file system that cannot promise the space */
    if (errno != 0)
        err(1, "allocate %d bytes for %s", FILE_SIZE, path);
    return fd;
}

#endif
