/*
 * seqlock.h - a text that readers copy without making the writer wait
 *
 * The writer makes the sequence odd, stores the text, makes the sequence even.
 * A reader that finds the same even number before and after its copy has a
 * whole text; otherwise it copies again. Why (tests/deep/models/seqlock.pml):
 *   - The release fence keeps the odd number before the words, and the acquire
 *     fence keeps a reader's words before its second look: a reader that got a
 *     word of an update sees the odd number, or a later one.
 *   - The release store and the first atomic_load, an acquire: a reader that
 *     starts with an even number gets the whole update that set it.
 *   - The words are atomic, because they are read while they may be written.
 *   - One process writes: it has the lock on byte 0, fcntl(2), while it lives.
 * Only a reader that stops for exactly 2^31 - 1 texts is deceived.
 */
#ifndef SEQLOCK_H
#define SEQLOCK_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEQLOCK_FILE "data/work/seqlock"
#define SEQLOCK_MAGIC 0x31716573u
enum { FILE_SIZE = 4096, TEXT_OFFSET = 1024, TEXT_SIZE = 3072 };
enum { TEXT_WORDS = TEXT_SIZE / sizeof(long) };

struct seqlock {
    _Atomic uint32_t magic;    /* says that the file is ours; 0: it is new */
    _Atomic uint32_t sequence; /* 0: no text yet; odd: the text is changing */
    char unused[TEXT_OFFSET - 8];
    atomic_ulong words[TEXT_WORDS]; /* the text and its NUL */
};

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

/* `| 1`: a writer that died in the middle has left an odd number. */
static inline void write_text(struct seqlock *lock, const char *text)
{
    unsigned long words[TEXT_WORDS] = {0};
    memcpy(words, text, strlen(text));

    uint32_t odd = atomic_load(&lock->sequence) | 1;
    atomic_store_explicit(&lock->sequence, odd, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    for (size_t i = 0; i <= strlen(text) / sizeof words[0]; i++)
        atomic_store_explicit(&lock->words[i], words[i], memory_order_relaxed);
    uint32_t even = odd + 1 == 0 ? 2 : odd + 1; /* 0 means no text */
    atomic_store_explicit(&lock->sequence, even, memory_order_release);
}

/* True: text is a whole one. False: there is none, or it was changing. */
static inline bool read_text(const struct seqlock *lock, char *text)
{
    unsigned long words[TEXT_WORDS];
    uint32_t before = atomic_load(&lock->sequence);
    for (size_t i = 0; i < TEXT_WORDS; i++)
        words[i] = atomic_load_explicit(&lock->words[i], memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    uint32_t after = atomic_load(&lock->sequence);
    if (before == 0 || before % 2 == 1 || after != before)
        return false;
    memcpy(text, words, TEXT_SIZE);
    return true;
}

#endif
