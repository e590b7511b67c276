/*
 * student.pml - the four semaphores of sysv_shm/student.h, for spin(1)
 *
 *     $ make models                                every model and variant
 *     $ sh tests/deep/models.sh student TWO_STEPS  what goes wrong, by steps
 *
 * Modelled: two writers and two readers under one key, where a dead run left
 * its set and its segment. Each may be killed between any two steps, and a
 * writer stopped (Ctrl-C, -t) while it waits. The kernel takes back what was
 * raised with SEM_UNDO.
 *
 * What must hold: a reader prints the student of the writer whose set it took,
 * filled in, and that writer lived then. A writer that gives its reader up is
 * right. Nobody removes a living owner's set; nobody is refused for a dead
 * one. Nobody waits for ever for a partner that it had met (spin: "invalid end
 * state"); for its first it may, at a label that starts with `end`. Where
 * nobody was killed, nothing stays behind.
 *
 * Left out: time limits. The program looks 20 times a second; one here looks
 * again when there is news, for a look that finds what the last one found
 * changes nothing. Nor is a call that fails a step of its own, for it changes
 * nothing: hence to find a set and to take from it is one step.
 */
mtype = {
    NOTHING,          /* the pair as it is. Broken is what lacks ... */
    NO_UNDO_OWNER,    /* SEM_UNDO of OWNER */
    NO_UNDO_WRITTEN,  /* SEM_UNDO of WRITTEN */
    NO_UNDO_READER,   /* SEM_UNDO of READER */
    POST_NOT_RELEASE, /* the student filled in before the post of WRITTEN */
    TWO_STEPS,        /* WRITTEN down and READER up at once: one by one */
    ASK_ORDER,        /* WRITTEN asked before READER: after it */
    ASK_AFTER,        /* the last look after one asked: asked after it */
    NO_TAKEN_CHECK,   /* the look whether the set is still there */
    KEEP_SET,         /* a dead run's set removed: taken over instead */
    SEGMENT_FIRST,    /* the set removed before the segment: after it */
    NO_TAKE_BACK      /* WRITTEN taken back by a writer that is stopped */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define OWNER 0
#define WRITTEN 1
#define READER 2
#define TAKEN 3
byte set = 1;     /* what the key leads to; 0: none */
byte sem[4];      /* its semaphores */
byte undo[4];     /* by semaphore: the process at whose end it goes down */
byte segment = 5; /* what the key leads to: the process that made it; 0: none */
byte student[6];  /* by segment: 0, or the process that filled it in */
byte id[5];       /* by process: the set it has found or made */

chan kill = [0] of { byte };
byte owner, taker; /* who raised OWNER, who took WRITTEN */
byte stop, alone;  /* the writer that is stopped; that leaves unread */
bool ended[5], killed;

#define access(bit, after, what)                                              \
    atomic { (done & (bit)) == 0 && (done & (after)) == (after) ->            \
             what; done = done | (bit) }
#define by(variant, bits) (BROKEN == variant -> 0 : bits)

/* semop(2): up, to be taken back at the end of process p; and that. */
#define up(k, p) sem[k]++; undo[k] = p
#define back(k, p)                                                            \
    sem[k] = (undo[k] == p && sem[k] > 0 -> sem[k] - 1 : sem[k]);             \
    undo[k] = (undo[k] == p -> 0 : undo[k])

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3 :: kill ! 4
    :: stop == 0 -> stop = 1
    :: stop == 0 -> stop = 2
    :: break
    od;
    timeout ->
    assert(killed || !ended[1] || !ended[2] || (set == 0 && segment == 0))
}

#define mine id[_pid]
inline remove_set()
{
    d_step {
        if
        :: set == mine ->
           assert(owner == _pid);
           set = 0; owner = 0; taker = 0;
           sem[0] = 0; sem[1] = 0; sem[2] = 0; sem[3] = 0;
           undo[0] = 0; undo[1] = 0; undo[2] = 0; undo[3] = 0
        :: else
        fi;
        mine = 0
    }
}

inline own()
{
    assert(owner == 0 || ended[owner]);
    up(OWNER, by(NO_UNDO_OWNER, _pid));
    owner = _pid
}

active [2] proctype writer() /* processes 1, 2 */
{
    byte done, old;
    bool dead;
create:
    {
        if
        :: atomic { set == 0 ->
               set = 1;
               do /* an id that nobody has */
               :: id[1] == set || id[2] == set || id[3] == set ||
                  id[4] == set -> set++
               :: else -> break
               od;
               mine = set };
           if
           :: atomic { set == mine && sem[OWNER] == 0 -> own() }
           :: set == mine && sem[OWNER] > 0 -> goto over
           :: set != mine -> mine = 0; goto create
           fi
        :: atomic { set != 0 && sem[OWNER] == 0 -> mine = set; own() };
           if /* a dead run's */
           :: BROKEN == KEEP_SET
           :: BROKEN != KEEP_SET -> remove_set(); goto create
           fi
        :: atomic { set != 0 && sem[OWNER] > 0 -> assert(!ended[owner]) };
           goto over /* another writer */
        fi;
        do
        :: atomic { segment == 0 -> segment = _pid }; break
        :: else -> /* a dead run's */
           old = segment;
           atomic { segment = (segment == old -> 0 : segment); old = 0 }
        od;
        do
        :: access(1, 0, student[_pid] = _pid)
        :: access(2, by(POST_NOT_RELEASE, 1),
                  up(WRITTEN, by(NO_UNDO_WRITTEN, _pid)))
        :: done == 3 -> break
        od;
        do
        :: dead = (sem[(BROKEN == ASK_ORDER -> READER : WRITTEN)] == 0);
           dead = dead && sem[(BROKEN == ASK_ORDER -> WRITTEN : READER)] == 0;
           if
           :: atomic { sem[TAKEN] > 0 -> sem[TAKEN]-- }; goto remove_both
           :: sem[TAKEN] == 0 && dead -> goto given_up
           :: sem[TAKEN] == 0 && !dead && sem[WRITTEN] > 0 ->
end_first:    if
              :: sem[WRITTEN] == 0
              :: stop == _pid -> break
              fi
           :: sem[TAKEN] == 0 && !dead && sem[WRITTEN] == 0 ->
              if /* until there is news */
              :: sem[TAKEN] > 0
              :: sem[READER] == 0 && BROKEN != ASK_AFTER
              :: sem[READER] == 0 && BROKEN == ASK_AFTER -> goto given_up
              :: stop == _pid -> break
              fi
           fi
        od;
        if
        :: atomic { sem[WRITTEN] > 0 ->
               sem[WRITTEN] = sem[WRITTEN] - by(NO_TAKE_BACK, 1);
               alone = _pid }
        :: else
        fi;
        goto remove_both;
given_up:
        assert(ended[taker] && sem[TAKEN] == 0);
remove_both:
        segment = (BROKEN == SEGMENT_FIRST && segment == _pid -> 0 : segment);
        remove_set();
        segment = (segment == _pid -> 0 : segment)
    } unless { atomic { kill ? eval(_pid) -> killed = true } };
over:
    atomic {
        back(OWNER, _pid); back(WRITTEN, _pid);
        ended[_pid] = true;
        mine = 0; done = 0; old = 0; dead = false
    }
}

active [2] proctype reader() /* processes 3, 4 */
{
    byte from, attached;
end_take:
    {
        if
        :: atomic { set != 0 && sem[WRITTEN] > 0 ->
               mine = set;
               sem[WRITTEN]--;
               sem[READER] = sem[READER] + by(TWO_STEPS, 1);
               undo[READER] = by(NO_UNDO_READER, _pid);
               from = owner;
               taker = _pid;
               assert(!ended[from] && alone != from) }
        :: set != 0 && sem[WRITTEN] == 0 && sem[READER] > 0 ->
           goto over /* another reader */
        fi;
        atomic { /* shmget, shmat */
            attached = segment;
            sem[READER] = sem[READER] + (BROKEN == TWO_STEPS -> 1 : 0)
        };
        if
        :: set != mine && BROKEN != NO_TAKEN_CHECK -> goto over
        :: else
        fi;
        assert(student[attached] == from); /* and it has found one */
        if
        :: atomic { set == mine -> sem[TAKEN]++ }
        :: else
        fi
    } unless { atomic { kill ? eval(_pid) -> killed = true } };
over:
    atomic {
        back(READER, _pid);
        ended[_pid] = true;
        mine = 0; from = 0; attached = 0
    }
}
