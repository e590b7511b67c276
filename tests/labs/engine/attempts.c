/*
 * attempts.c - a process that looks again and again, and may give up some day
 *
 * A process that looks again and again, and sleeps in between, may give up after
 * so many times; if another one is late it must not. So it is let look, until it
 * does, or has looked more often than anybody counts, or is seen to be in a cycle:
 * its registers and its memory are what they were before, so it will look forever.
 * That its waits end at once makes an attempt 10,000 times as fast.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <string.h>

enum {
    /* Nobody who means "as long as it takes" writes a larger number than 1,000; and
       a loop of an attempt makes at most three or four calls. */
    MOST_ATTEMPTS = 40000,
    /* Fewer of one that asks for the time, which cannot be seen to be in a cycle: a
       second passes with each, so it is more than an hour. */
    MOST_ASKING = 12000,
    MAX_WAITS = 128 /* places where one waits, in a whole check */
};

/* A place where a process waits while another one is late in this way: it is waited
   out once, not at each of a hundred instants. */
static struct wait_place {
    int part, child;
    uint64_t call, ip, sp, late_call;
    const struct scenario *scenario;
} waited_out[MAX_WAITS];
static int many_waited_out;

static bool is_waited_out(const struct process *a)
{
    struct wait_place here = {0}; /* with no odd bytes between */
    here.part = a->part;
    here.child = a->child;
    here.call = a->call;
    here.ip = a->ip;
    here.sp = a->sp;
    here.late_call = delayed.in_call ? delayed.call + 1 : 0;
    here.scenario = scenario;
    for (int i = 0; i < many_waited_out; i++)
        if (memcmp(&waited_out[i], &here, sizeof here) == 0)
            return true;
    if (many_waited_out == MAX_WAITS)
        return true;
    waited_out[many_waited_out++] = here;
    return false;
}

/* Is it again where it was at an earlier attempt, and nothing has changed? It is
   compared with its 1st, 2nd, 4th, 8th ... (R. P. Brent, "An improved Monte Carlo
   factorization algorithm", 1980: finds a cycle of any length.) */
static bool in_cycle(struct process *a)
{
    static struct image image;
    if (a->asked) /* the clock goes on, and is no memory of its own */
        return false;
    registers r = get_registers(a);
    if ((a->attempts & (a->attempts - 1)) == 0) {
        take_image(a, &image, &r);
        return false;
    }
    return image.pid == a->pid && same_image(a, &image, &r);
}

/* It is before one call more. False: it has made its attempts. */
bool hurry(struct process *a)
{
    int64_t result;
    if (a->attempts++ == 0)
        a->asked = false;
    if (tells_time(a)) {
        a->asked = true;
        pass_tenth();
    }
    const bool waits = timed(a, &result);
    if (a->attempts > (a->asked ? MOST_ASKING : MOST_ATTEMPTS) || in_cycle(a)) {
        a->attempts = 0;
        if (waits)
            a->calls = 0;
        return false;
    }
    if (waits) {
        pass_time(a);
        shorten(a);
    }
    return true;
}

/* Let one of those who wait with a timeout, or yield, try very often. */
bool let_try(void)
{
    int64_t result;
    if (!delayed.there || scenario->no_attempts)
        return false;
    for (int i = 0; i < many_processes; i++) {
        struct process *a = &processes[i];
        const bool waits = a->state == RUNNING && timed(a, &result);
        const bool calls = a->state == STOPPED && a->spins && a->in_call;
        if ((!waits && !calls) || a->held || is_waited_out(a))
            continue;
        a->attempts = 1;
        a->asked = false;
        if (calls) {
            go_on(a);
            return true;
        }
        pass_time(a);
        a->expire = true;
        ptrace(PTRACE_INTERRUPT, a->pid, 0, 0);
        return true;
    }
    return false;
}
