/*
 * owner.h - who owns a name in /dev/shm, and who is alive
 *
 * Three bytes of an object are locked as those of a file, and the kernel drops
 * a lock when its holder dies, however it dies: fcntl(2), "Open file
 * description locks". OWNER is the right to the name, only its holder unlinks
 * it; WRITER lives as long as who made the object, READER as its reader.
 *
 * Who finds an object whose OWNER is free has found a dead run's, and clears it
 * away. It takes OWNER alone, not WRITER, so that nobody takes it for the dead
 * writer. And with the lock in hand it looks whether the name still leads to
 * this object: another may have been faster, and what is there now is its own.
 *
 * tests/deep/models/owner.pml takes each of these away, and finds what breaks.
 */
#ifndef OWNER_H
#define OWNER_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWNER, WRITER, READER }; /* bytes to lock */

/* Bytes first to last of an object, to lock or to ask for. */
static inline struct flock owner_bytes(int first, int last)
{
    return (struct flock){
        .l_type = F_WRLCK, .l_start = first, .l_len = last - first + 1};
}

/* Does another process hold this byte? Asks, and takes nothing. */
static inline bool owner_held(int fd, int byte)
{
    struct flock lock = owner_bytes(byte, byte);
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* Does the name lead to what we have open? Names live in /dev/shm:
   shm_open(3), NOTES. */
static inline bool owner_ours(const char *name, int fd)
{
    char path[sizeof "/dev/shm" + NAME_MAX + 1];
    struct stat st, mine;
    snprintf(path, sizeof path, "/dev/shm%s", name);
    return fstat(fd, &mine) == 0 && lstat(path, &st) == 0 &&
           st.st_dev == mine.st_dev && st.st_ino == mine.st_ino;
}

/* Is it an object of ours: a file, this user's, of this size or not yet sized?
   Else that is said, and the end. */
static inline off_t owner_check(const char *name, int fd, off_t size)
{
    struct stat st;
    if (fd == -1 || fstat(fd, &st) == -1)
        err(1, "shm_open %s", name);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
        errx(1, "%s is not an object of yours: choose another -s", name);
    if (st.st_size != 0 && st.st_size != size)
        errx(1, "%s holds something else: choose another -s", name);
    return st.st_size;
}

/* Create the object, new and locked: ours alone. kind is what its first word
   is, or one more, once it is ready: partner.h. */
static inline int owner_create(const char *name, off_t size, uint32_t kind)
{
    for (int fd;; close(fd)) {
        fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        bool fresh = fd != -1;
        if (!fresh && errno == EEXIST) {
            fd = shm_open(name, O_RDWR, 0);
            if (fd == -1 && errno == ENOENT)
                continue; /* it was there, and went */
        }
        owner_check(name, fd, size);
        struct flock lock = owner_bytes(OWNER, fresh ? WRITER : OWNER);
        if (fcntl(fd, F_OFD_SETLK, &lock) == -1) {
            if (errno == EAGAIN || errno == EACCES)
                errx(1, "another writer is at work on %s", name);
            err(1, "lock %s", name);
        }
        /* Before we had the lock, another writer may have taken what we made
           for a dead run's, and unlinked it: nobody would find it. */
        if (!owner_ours(name, fd))
            continue;
        if (fresh)
            return fd;
        uint32_t state = 0;
        if (pread(fd, &state, sizeof state, 0) == -1 ||
            (state != 0 && state != kind && state != kind + 1))
            errx(1, "%s holds something else: choose another -s", name);
        fprintf(stderr, "%s[%d]: removing %s of a dead run\n",
                program_invocation_short_name, getpid(), name);
        if (shm_unlink(name) == -1 && errno != ENOENT)
            err(1, "shm_unlink %s", name);
    }
}

/* Remove it, if it is ours yet. */
static inline void owner_remove(const char *name, int fd)
{
    if (owner_ours(name, fd))
        shm_unlink(name);
}

#endif
