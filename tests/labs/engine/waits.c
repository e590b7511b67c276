/*
 * waits.c - system calls that end by themselves after a time
 *
 * While somebody can go on, no time passes. So sleep(3), and every wait with a
 * timeout, ends when all others are at rest, and not before: a sleep that
 * stands in for an order is seen as what it is, on a fast machine and on a slow
 * one, and no check waits for it.
 *
 * Clocks tell the time that has passed in this way, too: a loop that gives up "after
 * five seconds" does. (For that the process has no vDSO, vdso(7): to ask for the time
 * is a system call, which we see. It is no instant.)
 */
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <time.h>

/* ns by which the clocks of this run are ahead of ours. */
static int64_t passed;

void begin_time(void)
{
    passed = 0;
}

enum { SECOND = 1000000000 };

/* A wait may take longer than it says; so a second at least, and whoever asks the
   clock between attempts that take no time sees that it goes. */
void pass_time(const struct process *a)
{
    int64_t result;
    const int64_t length = timed(a, &result) ? patience(a) : 0;
    passed += length > SECOND ? length : SECOND;
}

void pass_tenth(void)
{
    passed += SECOND / 10;
}

bool tells_time(const struct process *a)
{
#ifdef SYS_time
    if (a->call == SYS_time)
        return true;
#endif
    return a->call == SYS_times || a->call == SYS_clock_gettime ||
           a->call == SYS_gettimeofday;
}

/* Its call, which tells_time(), has told it. Clocks of CPU time do not jump. */
void shift_time(struct process *a, int64_t result)
{
    int64_t t[2];
    const int64_t seconds = passed / SECOND;
#ifdef SYS_time
    if (a->call == SYS_time) {
        const int64_t now = result + seconds;
        registers r = get_registers(a);
        RESULT(r) = (uint64_t)now;
        set_registers(a, r);
        if (a->args[0])
            poke(a, a->args[0], &now, sizeof now);
        return;
    }
#endif
    if (a->call == SYS_times) { /* it tells ticks, of which there are 100 */
        registers r = get_registers(a);
        RESULT(r) = (uint64_t)(result + passed / (SECOND / 100));
        set_registers(a, r);
        return;
    }
    const bool micro = a->call == SYS_gettimeofday;
    const uint64_t at = a->args[micro ? 0 : 1];
    if (passed == 0 || result != 0 || at == 0 || !peek(a, at, t, sizeof t))
        return;
    if (!micro && ((clockid_t)a->args[0] == CLOCK_PROCESS_CPUTIME_ID ||
                   (clockid_t)a->args[0] == CLOCK_THREAD_CPUTIME_ID))
        return;
    const int64_t unit = micro ? 1000 : 1;
    const int64_t now = t[1] * unit + passed % SECOND;
    t[0] += seconds + now / SECOND;
    t[1] = now % SECOND / unit;
    poke(a, at, t, sizeof t);
}

/* Which argument of its call, which is timed(), is the time: a place in memory, or
   with IN_PLACE the number itself. */
enum { IN_PLACE = 8 };
static int time_argument(const struct process *a)
{
    switch (a->call) {
    case SYS_nanosleep:
        return 0;
    case SYS_clock_nanosleep:
    case SYS_rt_sigtimedwait:
    case SYS_ppoll:
        return 2;
    case SYS_futex:
    case SYS_semtimedop:
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
#endif
        return 3;
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
    case SYS_pselect6:
        return 4;
    case SYS_epoll_pwait:
        return 3 | IN_PLACE;
#ifdef SYS_poll
    case SYS_poll:
        return 2 | IN_PLACE;
    case SYS_select:
        return 4;
    case SYS_epoll_wait:
        return 3 | IN_PLACE;
#endif
    }
    return -1;
}

/* At the entry of its call, which is timed(): the time is over as soon as it has
   looked whether it need wait. A time of 0 is one that no clock has not passed. It
   lies below the stack, where nothing of the process's can be. */
void shorten(struct process *a)
{
    const int which = time_argument(a), n = which & ~IN_PLACE;
    if (which == -1)
        return;
    const int64_t none[2] = {0, 0};
    registers r = get_registers(a);
    uint64_t at = (SP(r) - RED_ZONE - sizeof none) & ~(uint64_t)15;
    if (which & IN_PLACE)
        at = 0;
    else if (!poke(a, at, none, sizeof none))
        return;
    a->changed = n + 1;
    ARGUMENT(r, n) = at;
    set_registers(a, r);
}

/* At its exit: the argument is again what it was. (Where the result takes the
   place of the first one, that is gone in any case.) */
void restore(struct process *a)
{
    const int n = a->changed - 1;
    a->changed = 0;
    if (n == 0 && !KEEPS_FIRST)
        return;
    registers r = get_registers(a);
    ARGUMENT(r, n) = a->args[n];
    set_registers(a, r);
}

/* Does its call end by itself after a time? Then *result is what it gives. */
bool timed(const struct process *a, int64_t *result)
{
    if (!a->in_call)
        return false;
    *result = 0;
    switch (a->call) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return true;
    case SYS_futex:
        *result = -ETIMEDOUT;
        switch (a->args[1] & 127) {
        case 0:  /* FUTEX_WAIT */
        case 6:  /* FUTEX_LOCK_PI */
        case 9:  /* FUTEX_WAIT_BITSET */
        case 11: /* FUTEX_WAIT_REQUEUE_PI */
            return a->args[3] != 0;
        }
        return false;
    case SYS_semtimedop:
        *result = -EAGAIN;
        return a->args[3] != 0;
    case SYS_rt_sigtimedwait:
        *result = -EAGAIN;
        return a->args[2] != 0;
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
        *result = -ETIMEDOUT;
        return a->args[4] != 0;
    case SYS_ppoll:
        return a->args[2] != 0;
    case SYS_pselect6:
        return a->args[4] != 0;
    case SYS_epoll_pwait:
        return (int)a->args[3] >= 0;
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
        return a->args[3] != 0;
#endif
#ifdef SYS_poll
    case SYS_poll:
        return (int)a->args[2] >= 0;
    case SYS_select:
        return a->args[4] != 0;
    case SYS_epoll_wait:
        return (int)a->args[3] >= 0;
#endif
    }
    return false;
}

/* How long its call, which is timed(), would wait, in ns. A time of day that is
   a whole second, as of time(NULL) + 1, is taken for a second at least. */
int64_t patience(const struct process *a)
{
    const int64_t second = 1000000000;
    size_t at = 0;
    int64_t t[2] = {0}, unit = 1;
    clockid_t until = -1; /* a time of this clock; -1: a length */
    switch (a->call) {
#ifdef SYS_poll
    case SYS_poll:
        return (int)a->args[2] * (int64_t)1000000;
    case SYS_epoll_wait:
        return (int)a->args[3] * (int64_t)1000000;
    case SYS_select:
        at = 4;
        unit = 1000; /* microseconds */
        break;
#endif
    case SYS_epoll_pwait:
        return (int)a->args[3] * (int64_t)1000000;
    case SYS_clock_nanosleep:
        at = 2;
        if (a->args[1] & TIMER_ABSTIME)
            until = (clockid_t)a->args[0];
        break;
    case SYS_futex: /* only FUTEX_WAIT has a length; 256: FUTEX_CLOCK_REALTIME */
        at = 3;
        if ((a->args[1] & 127) != 0)
            until = a->args[1] & 256 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
        break;
    case SYS_semtimedop:
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
#endif
        at = 3;
        break;
    case SYS_rt_sigtimedwait:
    case SYS_ppoll:
        at = 2;
        break;
    case SYS_pselect6:
        at = 4;
        break;
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
        at = 4;
        until = CLOCK_REALTIME;
        break;
    }
    peek(a, a->args[at], t, sizeof t);
    int64_t length = t[0] * second + t[1] * unit;
    if (until == -1)
        return length;
    length -= nanoseconds(until) + passed;
    return length < second && t[1] == 0 ? second : length;
}
