/*
 * lifeline.pml - posix_shm/lifeline.h and the pairs that use it, for spin(1)
 *
 *     $ make models                               every model and variant
 *     $ sh tests/deep/models.sh lifeline NO_POLL  what goes wrong, by steps
 *
 * Modelled: two writers and two readers at one address, all of lesson 2.2
 * (SEALED) or all of 2.3 (STREAM, with a ring of two slots). Each may be killed
 * between any two steps; Ctrl-C does the same. Then the kernel closes its
 * sockets: the partner reads what was sent, and after it the end of the file.
 * From any moment on input may fail to come and output may not be taken (slow).
 *
 * What must hold: at most one writer has the address. The slots arrive whole,
 * once and in order. If a stream_writer succeeds, all was read; if a
 * sealed_writer does, its memory is mapped. If a reader succeeds, it has read
 * all. A process gives up only if it had met a partner, and that is dead; a
 * reader first prints what was sent, if its output is taken. When all are at
 * rest, nobody waits for a dead partner, and there is no reader without a
 * partner while a writer waits for one.
 *
 * The accesses of one process come in any order that the bytes through the
 * socket allow: see seqlock.pml. A connect(2) that is refused changes nothing,
 * so here a reader connects when there is a writer.
 *
 * Left out: users, seals, errors. A slot is one word, 0 while it changes.
 * Writer 1 comes before writer 2, and reader 3 before reader 4: they run the
 * same programs, so the other order is the same.
 */
mtype = {
    NOTHING,       /* the pairs as they are. Broken is what lacks ... */
    TWO_DOORS,     /* the refusal of bind: the last one has the address */
    NO_SEND_CHECK, /* the writer's look whether lifeline_pass failed */
    NO_RETRY,      /* the reader's next connect(2) after that */
    NO_EOF,        /* the end of the file in lifeline_rung */
    ONE_BYTE,      /* the number of bytes in lifeline_rung: always 1 */
    NO_POLL,       /* the line in lifeline_ready */
    LINE_FIRST,    /* the descriptor first in lifeline_ready: the line first */
    NO_END,        /* the slot of length 0: a dead writer is the end */
    RING_FIRST,    /* a slot filled before stream_writer rings */
    ONE_MORE,      /* `room = SLOTS`: room for one more */
    NO_LAST_WAIT,  /* its step 5, the wait for the last slots */
    RING_EARLY,    /* a slot read before stream_reader rings */
    SEALED_LATE,   /* the memory filled before sealed_writer sends it */
    SEALED_LEAVES  /* its step 5, the wait for the reader */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define SLOTS 2
#define LAST 3   /* the number of the last slot, which has length 0 */
#define SEALED 1
#define STREAM 2
byte lesson;     /* SEALED or STREAM */
byte door;       /* the writer that has the address; 0: none */
chan queue = [2] of { byte }; /* readers that nobody has accepted yet */
byte far[5];     /* by reader, its line: who has the far end; 0: nobody */
bool near[5];    /* has the reader the near end? */
byte sent[5];    /* on the way to it: the descriptor of this writer's memory */
byte down[5];    /* bytes on the way to it, */
byte up[5];      /* and to the writer */
byte memory[6];  /* two slots for each writer: what is in them; 0: half */

byte partner[5]; /* by process: whom it has met; 0: nobody */
byte got[5];     /* by reader: slots that it has read */
bool came[5];    /* has the process run? */
bool slow;       /* no more input comes, and no more output goes */

chan kill = [0] of { byte };

/* An access, once in each turn, as soon as those in `after` are done. */
#define access(bit, after, what)                                              \
    atomic { (done & (bit)) == 0 && (done & (after)) == (after) ->            \
             what; done = done | (bit) }
#define by(variant, bits) (BROKEN == variant -> 0 : bits)
#define slot(n) memory[2 * from - 2 + (n) % 2]

/* It has no partner, or waits only because of input or output. */
#define at_ease(p, lives) (partner[p] == 0 || (slow && lives))
#define alone(p) (near[p] && partner[p] == 0)

active proctype user() /* process 0 */
{
    if
    :: lesson = SEALED
    :: lesson = STREAM
    fi;
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3 :: kill ! 4
    :: !slow -> slow = true
    :: break
    od;
    timeout -> /* all is at rest */
    d_step {
        assert(at_ease(1, near[partner[1]]) && at_ease(2, near[partner[2]]));
        assert(at_ease(3, far[3] != 0) && at_ease(4, far[4] != 0));
        assert(door == 0 || partner[door] != 0 || !(alone(3) || alone(4)));
        lesson = 0
    }
}

inline lifeline_rung(count, bytes, lives)
{
    if
    :: atomic { bytes > 0 ->
           count = count + (BROKEN == ONE_BYTE -> 1 : bytes);
           bytes = 0 }
    :: bytes == 0 && !(lives) && BROKEN != NO_EOF -> goto gone
    fi
}

inline lifeline_ready(lives)
{
    if
    :: !slow && (lives || BROKEN != LINE_FIRST)
    :: (slow || BROKEN == LINE_FIRST) && !(lives) && BROKEN != NO_POLL ->
       goto gone
    fi
}

active [2] proctype writer() /* processes 1, 2 */
{
    byte line, n, room, done, from;
    {
        if /* 1. bind */
        :: atomic { lesson != 0 && (_pid == 1 || came[1]) &&
                    (door == 0 || BROKEN == TWO_DOORS) ->
               assert(door == 0);
               came[_pid] = true;
               from = _pid;
               door = _pid }
        :: door != 0 && BROKEN != TWO_DOORS -> goto over
        fi;
        if /* 2. memory, which is sealed with something in it */
        :: lesson == SEALED && BROKEN != SEALED_LATE -> slot(0) = 1
        :: else
        fi;
end_accept:
        do /* 4. accept and lifeline_pass */
        :: atomic { queue ? line };
           if
           :: atomic { near[line] || BROKEN == NO_SEND_CHECK ->
                  partner[_pid] = (near[line] -> line : 0);
                  sent[line] = _pid };
              break
           :: atomic { else -> far[line] = 0; line = 0 }
           fi
        od;
        if
        :: lesson == SEALED ->
           slot(0) = (BROKEN == SEALED_LATE -> 1 : slot(0));
           if
           :: BROKEN == SEALED_LEAVES
           :: else -> lifeline_rung(n, up[line], near[line])
           fi;
           assert(got[line] > 0);
           goto over
        :: else -> room = SLOTS + (BROKEN == ONE_MORE -> 1 : 0)
        fi;
        do
        :: atomic { n < LAST -> n++ };
           if
           :: room > 0
           :: else ->
end_rung:     lifeline_rung(room, up[line], near[line])
           fi;
end_ready: lifeline_ready(near[line]);
           do
           :: access(1, 0, slot(n) = 0; room--)
           :: access(2, 1, slot(n) = n)
           :: access(4, by(RING_FIRST, 3), down[line]++)
           :: atomic { done == 7 -> done = 0; break }
           od
        :: n == LAST && (room >= SLOTS || BROKEN == NO_LAST_WAIT) -> break
        :: n == LAST && room < SLOTS && BROKEN != NO_LAST_WAIT ->
end_last:  lifeline_rung(room, up[line], near[line])
        od;
        assert(got[line] == LAST);
        goto over;
gone:
        assert(partner[_pid] != 0 && !near[line])
    } unless { kill ? eval(_pid) };
over:
    atomic {
        far[3] = (far[3] == _pid -> 0 : far[3]);
        far[4] = (far[4] == _pid -> 0 : far[4]);
        if
        :: door == _pid ->
           door = 0;
           do
           :: queue ? line
           :: empty(queue) -> break
           od
        :: else
        fi;
        came[_pid] = true;
        partner[_pid] = 0;
        line = 0; n = 0; room = 0; done = 0; from = 0
    }
}

active [2] proctype reader() /* processes 3, 4 */
{
    byte from, full_, done;
end_connect:
    {
        atomic {
            (_pid == 3 || came[3]) && door != 0;
            came[_pid] = true;
            near[_pid] = true;
            far[_pid] = door;
            queue ! _pid
        };
end_receive:
        if
        :: atomic { sent[_pid] != 0 ->
               from = sent[_pid];
               sent[_pid] = 0;
               partner[_pid] = from }
        :: atomic { sent[_pid] == 0 && far[_pid] == 0 -> near[_pid] = false };
           if
           :: BROKEN == NO_RETRY -> goto gone
           :: else -> goto end_connect
           fi
        fi;
        if
        :: lesson == SEALED ->
           atomic { assert(slot(0) == 1); got[_pid]++ };
           up[_pid]++;
           assert(slot(0) == 1);
           goto over
        :: else
        fi;
        do
        :: if
           :: full_ > 0
           :: else ->
end_rung:     lifeline_rung(full_, down[_pid], far[_pid] != 0)
           fi;
end_ready: lifeline_ready(far[_pid] != 0);
           do
           :: access(1, 0, assert(slot(got[_pid] + 1) == got[_pid] + 1))
           :: access(2, 1, assert(slot(got[_pid] + 1) == got[_pid] + 1);
                     got[_pid]++; full_--)
           :: access(4, by(RING_EARLY, 3), up[_pid]++)
           :: atomic { done == 7 -> done = 0; break }
           od;
           if
           :: got[_pid] == LAST && BROKEN != NO_END -> goto over
           :: else
           fi
        od;
gone:
        assert(partner[_pid] != 0 && far[_pid] == 0 &&
               (slow || (full_ == 0 && down[_pid] == 0)));
        assert(BROKEN != NO_END || got[_pid] == LAST)
    } unless { kill ? eval(_pid) };
over:
    atomic {
        came[_pid] = true;
        near[_pid] = false;
        partner[_pid] = 0;
        sent[_pid] = 0; down[_pid] = 0; up[_pid] = 0;
        from = 0; full_ = 0; done = 0
    }
}
