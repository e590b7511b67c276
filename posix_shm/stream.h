/*
 * stream.h - what stream_writer and stream_reader agree on
 *
 * The bounded buffer: a ring of slots, and two semaphores that count them.
 *
 *     writer:  wait for room,  read(2) into the next slot,   post full
 *     reader:  wait for full,  write(2) out of the next one, post room
 *
 * Each has a place of its own in the ring, so that both are at work at once;
 * neither is ever more than SLOTS slots ahead. A side that is slow stops the
 * other: its semaphore stays at 0. The bytes are copied by the kernel alone,
 * into the slot and out of it.
 *
 * What orders what: partner.h. The reader posts all the rooms when it has come.
 * A slot of no bytes is the last one: end of file.
 *
 * How long to try before one sleeps: to wake a process that sleeps takes some
 * 20,000 ns, and to see what another core has just written some 100 ns. So a
 * wait first looks for a short time, SPINS, whether it is over already, and
 * only then sleeps. On one core that would be in the way of the one we wait
 * for: there a wait sleeps at once. (make bench, table 2.)
 *
 * How large a slot: to fill one takes some 40,000 ns, much longer than SPINS,
 * so the faster side sleeps once a slot. The more bytes in it, the less that
 * costs for each; and all of the ring should stay in a core's cache, for what
 * the writer puts there the reader takes out of it. (make bench, table 4.)
 */
#ifndef STREAM_H
#define STREAM_H

#include <sched.h>
#include <stdio.h>

#include "partner.h"

#define STREAM_NAME "/shm_stream.%u" /* with the user's id */
#define STREAM_READY 0x73746d30u
#ifndef SLOTS /* tests/bench tries others */
enum { SLOTS = 4, SLOT_SIZE = 262144 };
#endif
#ifndef SPINS
enum { SPINS = 5000 }; /* looks before one sleeps */
#endif

struct stream {
    struct partner partner;         /* room and full: 0 to SLOTS */
    _Atomic uint32_t length[SLOTS]; /* bytes in a slot, 0 to SLOT_SIZE; writer.
                                        Atomic, to be checked and used once */
    _Alignas(4096) char slot[SLOTS][SLOT_SIZE]; /* writer */
};

/* SPINS; none on one core, were it because of taskset(1). */
static inline int stream_spins(void)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 &&
                   CPU_COUNT(&cores) == 1
               ? 0
               : SPINS;
}

/* So much in so long, as dd(1) prints it. */
static inline void stream_report(uint64_t bytes, double seconds, char last)
{
    double rate = seconds > 0 ? (double)bytes / seconds : 0;
    fprintf(stderr,
            "%llu bytes (%.1f MB, %.1f MiB) copied, %.3f s, %.1f MB/s%c",
            (unsigned long long)bytes, (double)bytes / 1e6,
            (double)bytes / 1048576, seconds, rate / 1e6, last);
}

#endif
