/*
 * message.pml - the two semaphores of posix_shm/partner.h, for spin(1)
 *
 *     $ make models                                  every model and variant
 *     $ sh tests/deep/models.sh message NO_LIVENESS  what goes wrong, by steps
 *
 * Modelled: one object, its writer with three messages, and two readers. Each
 * may be killed between any two steps, and the writer stopped (Ctrl-C) while
 * it waits for its first reader. The accesses of one process come in any order
 * that fences, semaphores and the like allow: see seqlock.pml.
 *
 * What must hold: a reader gets each message once and in order; who gives its
 * partner up has all that it sent, and is right; nobody waits for ever for a
 * partner that it had met (spin: "invalid end state"). For its first it may,
 * at a label that starts with `end`.
 *
 * Left out: the name (owner.pml), the size, time limits; a text is one word.
 * The program looks 20 times a second. One here looks again when there is
 * news, for a look that finds what the last one found changes nothing.
 */
mtype = {
    NOTHING,           /* the pair as it is. Broken is what lacks ... */
    READY_BEFORE_INIT, /* sem_init before state = READY */
    POST_NOT_RELEASE,  /* the message before the post of full */
    WAIT_NOT_ACQUIRE,  /* the wait for full before the message is read */
    ROOM_NOT_RELEASE,  /* the message read before the post of room */
    NO_MET,            /* the compare with READY: where MET is, MET will do */
    LOCK_AFTER_MET,    /* READER locked before MET: after it instead */
    NO_WRITER_RECHECK, /* the look whether WRITER is held, after MET */
    NO_LIVENESS,       /* owner_held, while one waits */
    ASK_AFTER,         /* the last look after one asked: asked after it */
    LEAVE_READY        /* the exchange of READY for 0 by a writer that leaves */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define MESSAGES 3
#define READY 1 /* state; 0 is what the kernel hands out */
#define MET 2
#define WRITER 1 /* bytes to lock */
#define READER 2
byte state, text, room, full_; /* full is a word of spin's own */
byte locked[3];                /* by which process; 0: none */

chan kill = [0] of { byte };
bool stop, alone;  /* Ctrl-C came; the writer left, and had no reader */
byte met;          /* by the process that set MET, */
bool writer_lived; /* and did the writer live then? */
bool ended[4];

#define access(bit, after, what)                                              \
    atomic { (done & (bit)) == 0 && (done & (after)) == (after) ->            \
             what; done = done | (bit) }
#define by(variant, bits) (BROKEN == variant -> 0 : bits)

active proctype user() /* process 0 */
{
    do :: kill ! 1 :: kill ! 2 :: kill ! 3 :: stop = true :: break od
}

/* How a process ends, killed or not: the kernel drops its lock. */
inline ends(which)
{
    locked[which] = (locked[which] == _pid -> 0 : locked[which]);
    ended[_pid] = true
}

#define seems_dead(partner)                                                   \
    (state == MET && locked[partner] == 0 && BROKEN != NO_LIVENESS)

inline partner_wait(semaphore, partner)
{
    do
    :: dead = seems_dead(partner); /* asked before we look */
       if
       :: atomic { semaphore > 0 -> semaphore--; dead = false }; break
       :: semaphore == 0 && dead -> goto given_up
       :: semaphore == 0 && !dead ->
          if /* there is news */
          :: semaphore > 0
          :: seems_dead(partner) && BROKEN != ASK_AFTER
          :: seems_dead(partner) && BROKEN == ASK_AFTER -> goto given_up
          fi
       fi
    od
}

active proctype writer() /* process 1 */
{
    byte n, done;
    bool dead;
    {
        locked[WRITER] = _pid;
        do
        :: access(1, 0, room = 0) /* sem_init */
        :: access(2, 0, full_ = 0)
        :: access(4, by(READY_BEFORE_INIT, 3), state = READY)
        :: done == 7 -> break
        od;
end_first:
        if
        :: state == MET
        :: stop -> atomic {
               alone = (state == READY);
               state = (alone && BROKEN != LEAVE_READY -> 0 : state) };
           goto over
        fi;
        do
        :: partner_wait(room, READER);
           if
           :: n == MESSAGES -> goto over
           :: else -> n++; done = 0
           fi;
           do
           :: access(1, 0, text = n)
           :: access(2, by(POST_NOT_RELEASE, 1), full_++)
           :: done == 3 -> break
           od
        od;
given_up:
        assert(ended[met] && room == 0)
    } unless { kill ? eval(_pid) };
over:
    atomic { ends(WRITER); n = 0; done = 0; dead = false }
}

active [2] proctype reader() /* processes 2 and 3 */
{
    byte s, n, done, copy;
    bool dead;
end_meet:
    {
        locked[WRITER] != 0 && /* there is news */
            (state == READY || (state == MET && locked[READER] != 0));
        s = state;
        if
        :: s == MET && locked[READER] != 0 -> goto over /* refused */
        :: atomic { s == READY && locked[READER] == 0 ->
               locked[READER] = (BROKEN == LOCK_AFTER_MET -> 0 : _pid) }
        :: else -> goto end_meet
        fi;
        if
        :: atomic { state == READY || (state == MET && BROKEN == NO_MET) ->
               assert(met == 0); /* no reader has come before */
               state = MET; met = _pid; writer_lived = (locked[WRITER] != 0) }
        :: else -> locked[READER] = 0; goto end_meet
        fi;
        if
        :: locked[WRITER] != 0 || BROKEN == NO_WRITER_RECHECK
        :: else -> locked[READER] = 0; goto end_meet
        fi;
        assert(writer_lived && !alone);
        atomic { locked[READER] = _pid; room++ }; /* locked it is already */
        do
        :: do
           :: (done & 1) == 0 -> partner_wait(full_, WRITER); done = done | 1
           :: access(2, by(WAIT_NOT_ACQUIRE, 1), copy = text)
           :: access(4, 1 | by(ROOM_NOT_RELEASE, 2), room++)
           :: done == 7 -> break
           od;
           atomic { n++; done = 0; assert(copy == n) };
           if
           :: n == MESSAGES -> goto over
           :: else
           fi
        od;
given_up:
        assert(ended[1] && full_ == 0)
    } unless { kill ? eval(_pid) };
over:
    atomic { ends(READER); s = 0; n = 0; done = 0; copy = 0; dead = false }
}
