/*
 * bounds.c - what ends a check that would go on forever, and what does not
 *
 * The verdict on a program must not depend on how fast the machine is, nor on what
 * else it does. So the check counts its own steps, and too many are a fail; while
 * a wait of many seconds in which nothing happens is no verdict at all.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    /* A right mend takes 15,000 to 300,000 steps (an instruction that is stepped
       over, or a stop of a process). This is 30 times as many. */
    MOST_STEPS = 10000000,
    STALL = 60 /* seconds without a step: 10,000 times as long as a whole run */
};

volatile sig_atomic_t stopped_by;
static long steps;
static int64_t stall; /* ns */

void begin_clock(void)
{
    const char *seconds = getenv("CHECK_SECONDS");
    stall = (seconds ? strtol(seconds, NULL, 10) : STALL) * 1000000000;
}

void count_step(void)
{
    if (++steps > MOST_STEPS)
        fail("there is no end to it: %ld steps, and it still goes on", steps);
}

void look_at_clock(int64_t since)
{
    if (stopped_by) {
        preparing = false;
        end_run();
        _exit(128 + stopped_by);
    }
    if (nanoseconds(CLOCK_MONOTONIC) - since > stall)
        no_verdict(BUSY, "busy: try again");
}
