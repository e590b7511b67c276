/*
 * mutex.pml - a robust mutex as glibc and the kernel make it, for spin(1)
 *
 *     $ sh tests/deep/models.sh mutex NO_BOUND    how a wake-up is lost
 *
 * Modelled: the word of the mutex (owner, FUTEX_WAITERS, FUTEX_OWNER_DIED), three
 * processes that lock and unlock it, futex(2), and what the kernel does when a
 * process dies: handle_futex_death in kernel/futex/core.c. Each process may be
 * killed between any two steps. counter_lock in counter.h waits with a bound: it
 * looks again when nothing else happens, and so often as that is so.
 *
 * What must hold: one process at a time has the mutex, and nobody waits forever.
 *
 * Left out: the repair (counter.pml), and which of those that wait is woken.
 */
mtype = {
    NOTHING,  /* the counters as they are. Broken is what lacks ... */
    NO_BOUND, /* the bound: they wait with pthread_mutex_lock */
    NO_CAS    /* compare and exchange: load, and store later */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

byte owner; /* the word: */
bool waiters, died;
bool sleeps[4];  /* in futex(2) */
bool pending[4]; /* list_op_pending: it is about to lock or unlock */
byte inside;     /* how many have the mutex */

chan kill = [0] of { byte };

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3
    :: break
    od
}

inline wake_one()
{
    if
    :: sleeps[1] -> sleeps[1] = false
    :: sleeps[2] -> sleeps[2] = false
    :: sleeps[3] -> sleeps[3] = false
    :: !sleeps[1] && !sleeps[2] && !sleeps[3]
    fi
}

inline got_it(may_wait)
{
    d_step {
        waiters = (died && waiters) || may_wait;
        died = false;
        owner = _pid;
        inside++;
        assert(inside == 1)
    }
}

active [3] proctype counter() /* processes 1, 2, 3 */
{
    bool others, flag; /* others may wait; what the word was */
    byte n, seen;
    {
        do
        :: n < 2 ->
           n++;
           pending[_pid] = true;
           others = false;
           do
           :: atomic { owner == 0 && BROKEN != NO_CAS -> got_it(others) };
              break
           :: atomic { owner == 0 && BROKEN == NO_CAS };
              got_it(others);
              break
           :: atomic { owner != 0 -> seen = owner; waiters = true };
              /* futex(2) sleeps only if the word is still the same. */
              d_step { sleeps[_pid] = (owner == seen && waiters); seen = 0 };
              if
              :: !sleeps[_pid] -> others = true
              :: timeout && BROKEN != NO_BOUND ->
                 atomic { sleeps[_pid] = false; others = false }
              fi
           od;
           pending[_pid] = false;

           pending[_pid] = true;
           d_step {
               flag = waiters;
               owner = 0;
               waiters = false;
               inside--
           };
           if
           :: atomic { flag -> wake_one() }
           :: else
           fi;
           pending[_pid] = false
        :: else -> break
        od
    } unless {
        atomic {
            kill ? eval(_pid);
            sleeps[_pid] = false;
            if
            :: owner == _pid ->
               inside--;
               owner = 0;
               died = true;
               if
               :: waiters -> wake_one()
               :: else
               fi
            :: pending[_pid] && owner == 0 -> wake_one() /* from Linux 6.2 on so */
            :: else
            fi;
            pending[_pid] = false;
            n = 0; seen = 0; others = false; flag = false
        }
    }
}
