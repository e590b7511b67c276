/*
 * stream.h - the bounded buffer: a ring of slots in memory       (lesson 2.3)
 *
 * A slot is the writer's until it rings; then the reader's, until that rings.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#ifndef SLOTS /* tests/bench tries others */
enum { SLOTS = 2, SLOT_SIZE = 1 << 21 };
#endif

struct stream {                     /* the writer writes all of it */
    _Atomic uint32_t length[SLOTS]; /* bytes in a slot, 0 is the end */
    alignas(4096) char slot[SLOTS][SLOT_SIZE];
};

/* Each second on a terminal, and at the end: what dd(1) prints. */
static inline void stream_report(unsigned long long bytes, int end)
{
    static double start, next;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double now = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec, b = (double)bytes;
    start = start > 0 ? start : now;
    if (end || (next > 0 && now >= next && isatty(STDERR_FILENO)))
        fprintf(stderr,
                "%llu bytes (%.1f MB, %.1f MiB) copied, %.3f s, %.1f MB/s%c",
                bytes, b / 1e6, b / (1 << 20), now - start,
                now > start ? b / 1e6 / (now - start) : 0, end ? '\n' : '\r');
    next = next > 0 && now < next ? next : now + 1;
}

#endif
