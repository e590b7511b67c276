/*
 * unrelated.h - what unrelated_writer and unrelated_reader agree on
 *
 * The file is the meeting place: 4096 bytes, the text at offset 1024, so that
 * any program that maps the file and prints the string there can read it too.
 *
 * The lock's words make the text whole: a sequence lock. The writer never
 * waits. A reader copies the text and then asks whether the writer was at
 * work meanwhile; if so it throws the copy away and copies again.
 *
 * What orders what (C11 7.17.3 and 7.17.4; H.-J. Boehm, "Can seqlocks get
 * along with programming language memory models?", 2012):
 *   - write_begin's release fence stands between the odd number and the text,
 *     read_retry's acquire fence between the text and the second look at the
 *     number: a reader that got one byte of an update sees the odd number, or
 *     a later one, and retries.
 *   - write_end's release store and read_begin's acquire load: a reader that
 *     starts from an even number has the whole of the update that set it.
 *   - The text itself is read while it may be written, so it is made of
 *     atomics, read and written relaxed. As plain memory it would be a data
 *     race, and the compiler might do anything with it (C11 5.1.2.4). Words
 *     and not bytes, for a copy that is slower than the writer's pause between
 *     two texts never gets a whole one.
 *   - At most one process writes: it holds the owner's lock, and the kernel
 *     drops that when it dies (fcntl(2), "Open file description locks").
 * tests/models/seqlock.pml takes each of these away, and finds what breaks.
 */
#ifndef UNRELATED_H
#define UNRELATED_H

#include <assert.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UNRELATED_FILE "data/work/temp"
#define UNRELATED_MAGIC 0x31716573u
enum { TEXT_OFFSET = 1024, TEXT_SIZE = 3072 };
enum { TEXT_WORDS = TEXT_SIZE / sizeof(unsigned long) };

struct unrelated {
    /* 0 in a new file, then UNRELATED_MAGIC: set by the first writer once the
       file is its own, so that no writer writes over a file of others. */
    _Atomic uint32_t magic;
    /* 0: no text yet. Odd: the text is changing, or a writer died while it
       was. The writer adds 2 with each text and leaves out 0; only a reader
       that stands still for exactly 2^31 - 1 texts is deceived. */
    _Atomic uint32_t sequence;
    char unused[TEXT_OFFSET - 2 * sizeof(uint32_t)];
    /* The text and its NUL, by the writer between write_begin and write_end;
       a reader trusts neither to be there. */
    _Atomic unsigned long text[TEXT_WORDS];
};

/* Atomics that are not lock-free lock a mutex private to each process. */
static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LONG_LOCK_FREE == 2, "");
static_assert(offsetof(struct unrelated, text) == TEXT_OFFSET, "");
static_assert(sizeof(struct unrelated) == TEXT_OFFSET + TEXT_SIZE, "");

/* The owner's lock: byte 0 of the file, held by the writer while it lives. */
static inline struct flock owner_lock(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
}

/* Is there a writer? Ask, and take nothing. A read lock, as file_reader has
   one, would not conflict with ours, so it is not reported: fcntl(2). */
static inline bool owned(int fd)
{
    struct flock lock = owner_lock();
    lock.l_type = F_RDLCK;
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* `| 1`: odd it may be already, left so by a writer that died. */
static inline void write_begin(struct unrelated *u)
{
    uint32_t s = atomic_load_explicit(&u->sequence, memory_order_relaxed);
    atomic_store_explicit(&u->sequence, s | 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

static inline void write_end(struct unrelated *u)
{
    uint32_t s = atomic_load_explicit(&u->sequence, memory_order_relaxed);
    s = s + 1 == 0 ? 2 : s + 1;
    atomic_store_explicit(&u->sequence, s, memory_order_release);
}

static inline uint32_t read_begin(const struct unrelated *u)
{
    return atomic_load_explicit(&u->sequence, memory_order_acquire);
}

/* Is what was read since read_begin, which returned s, no whole text? */
static inline bool read_retry(const struct unrelated *u, uint32_t s)
{
    atomic_thread_fence(memory_order_acquire);
    return s == 0 || s % 2 == 1 ||
           s != atomic_load_explicit(&u->sequence, memory_order_relaxed);
}

/* text has less than TEXT_SIZE bytes. */
static inline void write_text(struct unrelated *u, const char *text)
{
    unsigned long words[TEXT_WORDS] = {0};
    size_t length = strlen(text);
    memcpy(words, text, length); /* and NULs behind it */
    write_begin(u);
    for (size_t i = 0; i <= length / sizeof words[0]; i++)
        atomic_store_explicit(&u->text[i], words[i], memory_order_relaxed);
    write_end(u);
}

/* Copy the text when it is whole. With a writer that died in the middle of an
   update, or stands still there, it never is: so there is an end to trying. It
   comes late, for next to a writer that never rests a long text takes many; and
   at once where there is no writer, for whom else to wait? */
static inline bool read_text(const struct unrelated *u, unsigned long *text,
                             bool writer)
{
    if (atomic_load(&u->magic) != UNRELATED_MAGIC)
        return false; /* not yet a writer's */
    for (int tries = writer ? 100000 : 1; tries > 0; tries--) {
        unsigned long copy[TEXT_WORDS];
        uint32_t s = read_begin(u);
        for (size_t i = 0; i < TEXT_WORDS; i++)
            copy[i] = atomic_load_explicit(&u->text[i], memory_order_relaxed);
        if (!read_retry(u, s)) {
            memcpy(text, copy, sizeof copy);
            return true;
        }
        /* On one core, let the writer finish. Not after each try: on a busy
           machine others go first then, and all the tries take minutes. */
        if (tries % 256 == 0)
            sched_yield();
    }
    return false;
}

#endif
