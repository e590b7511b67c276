/*
 * student.pml - sysv_shm/writer, reader and student.h, for spin(1)
 *
 *     $ make models                                every model and variant
 *     $ sh tests/deep/models.sh student NO_UNREAD  what goes wrong, by steps
 *
 * Modelled: two writers and two readers under one key, each system call a step.
 * A dead run has left its set, and others have a segment under that key until
 * they detach it. Each process may be killed between any two steps; then the
 * kernel first detaches its segment, and after that takes back what it has
 * raised with SEM_UNDO. A writer that waits may be stopped (Ctrl-C), and once
 * more while it cleans up. When all are at rest, one writer and one reader run
 * once more.
 *
 * What must hold: a reader reads a student that is whole, and that nobody has
 * read before. If it succeeds, its writer lived until it was done. If a writer
 * succeeds, a reader has read its student. A process gives up its partner only
 * if that is dead or has been stopped. At most one writer has the set, and a
 * writer is refused at the set only by another one, or by a reader that has not
 * ended. Nobody changes or removes a segment that others or the other writer
 * have attached, or a set that another writer has. Nobody waits forever for a
 * partner that it had met. If no writer was killed, nothing is left; after the
 * last run nothing is left in any case.
 *
 * The programs look again and again. A look that fails changes nothing, so here
 * a process looks when there is news.
 *
 * Left out: objects of other users or sizes, others that attach a segment
 * later, or remove one. A student is one word. Writer 1 comes before writer 2,
 * and reader 3 before reader 4: they run the same programs, so the other order
 * is the same.
 */
mtype = {
    NOTHING,         /* the pair as it is. Broken is what lacks ... */
    NO_UNDO_OWNER,   /* SEM_UNDO of OWNER */
    NO_UNDO_READY,   /* SEM_UNDO of READY in post */
    NO_UNDO_UNREAD,  /* SEM_UNDO of UNREAD in post */
    NO_UNDO_BUSY,    /* SEM_UNDO of BUSY in take */
    NO_UNDO_DONE,    /* SEM_UNDO of BUSY in done */
    UNDO_TAKE,       /* READY in take without SEM_UNDO: with it */
    OWN_LATER,       /* OWNER asked and raised at once: one by one */
    NO_BUSY_OWN,     /* BUSY 0 in own */
    NO_RETRY_OWN,    /* the next try of own if the set was just removed */
    KEEP_SET,        /* the set noted after own: before it */
    NO_NATTCH,       /* the look at shm_nattch of an old segment */
    NO_EXCL,         /* IPC_EXCL: that look at a new one, too */
    KEEP_SEGMENT,    /* the segment noted after that look: before it */
    POST_EARLY,      /* the student stored before post */
    SIGNAL_EARLY,    /* signals blocked until step 4 */
    STOP_LEAVES,     /* clean_up in stop */
    BUSY_FIRST,      /* READY 0 and BUSY 0 at once in wait: one by one */
    NO_BUSY_WAIT,    /* BUSY 0 in wait */
    NO_UNREAD,       /* the look at UNREAD */
    SET_FIRST,       /* the segment removed before the set: after it */
    TAKE_LATER,      /* READY and BUSY at once in take: one by one */
    NO_RETRY_TAKE,   /* the next try of take after EIDRM */
    NO_OWNER,        /* the reader's look at OWNER */
    OWNER_EARLY,     /* shmget and shmat before that look: after it */
    DONE_EARLY,      /* the student read before UNREAD goes down */
    DONE_BUSY_FIRST, /* UNREAD and BUSY at once in done: one by one */
    DONE_WAITS       /* IPC_NOWAIT in done */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define OWNER 0
#define READY 1
#define UNREAD 2
#define BUSY 3
byte set = 1;      /* what the key leads to; 0: none */
byte sem[4];       /* its semaphores, */
byte undo[4];      /* the processes (a bit each) at whose end one goes down, */
byte redo;         /* and those at whose end READY goes up */

#define OTHERS 7
byte segment = 1;  /* what the key leads to; 0: none */
byte student[7] = OTHERS; /* by segment: whose is in it; 0: zeros, or half */
byte others = 1;   /* the segment that others have attached; 0: none */

byte id[5];        /* by process: the set it has found; 0: none, */
byte found[5];     /* the segment it has found, */
byte at[5];        /* the segment it has attached */

byte owner;        /* the writer that has the set */
byte reader_of[3]; /* by writer: the reader that has taken its student, */
bool printed[3];   /* has printed it, */
bool is_read[3];   /* and has succeeded */
byte writer_of[5]; /* by reader: whose student it has taken */
byte stopped;      /* the writer that has been stopped, and is about to end */
bool killed;       /* a writer was */
bool came[5];      /* has the process run? */
byte once_more;    /* 1: a reader runs once more, 2: and a writer */
bool success;

chan kill = [0] of { byte };
chan interrupt = [0] of { byte };

#define by(variant, x) (BROKEN == variant -> 0 : x)
#define only(variant, x) (BROKEN == variant -> x : 0)
#define my_set id[_pid]
#define mine at[_pid]
#define from writer_of[_pid]
#define me (1 << _pid)
#define found_by_any(s)                                                       \
    (found[1] == s || found[2] == s || found[3] == s || found[4] == s)
#define attachments(s)                                                        \
    ((others == s) + (at[1] == s) + (at[2] == s) + (at[3] == s) + (at[4] == s))
#define exists(s) (segment == s || attachments(s) > 0)
#define busy(r) (writer_of[r] != 0 && id[r] == set)
#define lives(w) (owner == w && stopped != w)

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3 :: kill ! 4
    :: interrupt ! 1 :: interrupt ! 2
    :: others != 0 -> others = 0
    :: break
    od;
    timeout -> /* all is at rest, */
    d_step {   /* and nobody waits for a partner that it had met, */
        assert(writer_of[3] == 0 && writer_of[4] == 0);
        assert(owner == 0 || reader_of[owner] == 0);
        assert(killed || owner != 0 ||
               (set == 0 && (segment == 0 || student[segment] == OTHERS)));
        once_more = (owner == 0 -> 2 : 1);
        others = 0
    };
    timeout ->
    assert(set == 0 && segment == 0 && success);
    once_more = 3
}

inline detach() /* if it was removed, it goes with its last attachment */
{
    d_step {
        s = mine;
        mine = 0;
        student[s] = (exists(s) -> student[s] : 0);
        s = 0
    }
}

#define down(k)                                                               \
    sem[k] = ((undo[k] & me) != 0 && sem[k] > 0 -> sem[k] - 1 : sem[k]);      \
    undo[k] = undo[k] & ~me

inline take_back() /* as SEM_UNDO says; no semaphore goes below 0 */
{
    down(OWNER); down(READY); down(UNREAD); down(BUSY);
    sem[READY] = sem[READY] + ((redo & me) != 0 -> 1 : 0);
    redo = redo & ~me;
    came[_pid] = true;
    my_set = 0;
    found[_pid] = 0
}

inline remove(the_set)
{
    d_step {
        if
        :: the_set && set == my_set &&
           (owner == _pid || BROKEN == KEEP_SET) ->
           assert(owner == _pid);
           set = 0; owner = 0; redo = 0;
           sem[OWNER] = 0; sem[READY] = 0; sem[UNREAD] = 0; sem[BUSY] = 0;
           undo[OWNER] = 0; undo[READY] = 0; undo[UNREAD] = 0; undo[BUSY] = 0
        :: !(the_set) && ours != 0 ->
           assert(others != ours && at[3 - _pid] != ours);
           segment = (segment == ours -> 0 : segment);
           student[ours] = (exists(ours) -> student[ours] : 0);
           ours = 0
        :: else
        fi
    }
}

#define post(n)                                                               \
    sem[READY] = sem[READY] + n;                                              \
    sem[UNREAD] = sem[UNREAD] + n;                                            \
    undo[READY] = undo[READY] | n * by(NO_UNDO_READY, me);                    \
    undo[UNREAD] = undo[UNREAD] | n * by(NO_UNDO_UNREAD, me)

active [2] proctype writer() /* processes 1, 2 */
{
    byte ours, s;
    bool made;
own:
    {
        atomic { /* 1. semget */
            _pid == 1 || came[1];
            came[_pid] = true;
            if
            :: set == 0 ->
               set = 1;
               do /* an id that nobody has found */
               :: id[1] == set || id[2] == set || id[3] == set ||
                  id[4] == set -> set++
               :: else -> break
               od
            :: else
            fi;
            my_set = set
        };
        if /* own */
        :: atomic { set == my_set && sem[OWNER] == 0 &&
                    (sem[BUSY] == 0 || BROKEN == NO_BUSY_OWN) ->
               assert(owner == 0);
               sem[OWNER] = by(OWN_LATER, 1);
               owner = by(OWN_LATER, _pid);
               undo[OWNER] = undo[OWNER] | by(NO_UNDO_OWNER, me) }
        :: atomic { set == my_set && (sem[OWNER] != 0 ||
                    (sem[BUSY] != 0 && BROKEN != NO_BUSY_OWN)) ->
               assert(owner != 0 || busy(3) || busy(4)) };
           goto clean_up
        :: atomic { set != my_set -> assert(BROKEN != NO_RETRY_OWN) };
           goto own
        fi;
        atomic { /* 2. shmget */
            assert(owner == by(OWN_LATER, _pid));
            sem[OWNER] = sem[OWNER] + only(OWN_LATER, 1);
            owner = _pid;
            if
            :: segment == 0 ->
               segment = 1;
               do
               :: found_by_any(segment) || attachments(segment) > 0 -> segment++
               :: else -> break
               od;
               student[segment] = 0;
               made = true
            :: else
            fi;
            found[_pid] = segment
        };
        atomic { /* shmat */
            assert(exists(found[_pid]));
            mine = found[_pid];
            found[_pid] = 0;
            ours = only(KEEP_SEGMENT, mine)
        };
        if /* shm_nattch */
        :: attachments(mine) > 1 && BROKEN != NO_NATTCH &&
           !(made && BROKEN != NO_EXCL) -> goto clean_up
        :: attachments(mine) == 1 || BROKEN == NO_NATTCH ||
           (made && BROKEN != NO_EXCL) -> ours = mine
        :: interrupt ? eval(only(SIGNAL_EARLY, _pid)) -> goto clean_up
        fi;
        atomic { /* 3. the student, half and whole */
            assert(others != mine && at[3 - _pid] != mine);
            student[mine] = 0;
            post(only(POST_EARLY, 1))
        };
        atomic {
            assert(others != mine && at[3 - _pid] != mine);
            student[mine] = _pid
        };
        atomic { post(by(POST_EARLY, 1)) };
end_wait:
        if /* 4. wait */
        :: (sem[READY] == 0 || BROKEN == BUSY_FIRST) &&
           (sem[BUSY] == 0 || BROKEN == NO_BUSY_WAIT)
        :: atomic { interrupt ? eval(_pid) -> stopped = _pid };
           if
           :: BROKEN == STOP_LEAVES -> goto over
           :: else -> goto clean_up
           fi
        fi;
end_ready:
        if /* UNREAD */
        :: atomic { (sem[READY] == 0 || BROKEN != BUSY_FIRST) &&
                    sem[UNREAD] != 0 && BROKEN != NO_UNREAD ->
               assert(!is_read[_pid] && !busy(reader_of[_pid])) }
        :: atomic { (sem[READY] == 0 || BROKEN != BUSY_FIRST) &&
                    (sem[UNREAD] == 0 || BROKEN == NO_UNREAD) ->
               assert(printed[_pid]);
               success = (once_more != 0);
               detach() }
        :: atomic { interrupt ? eval(_pid) -> stopped = _pid }
        fi;
clean_up:
        skip;
        remove(BROKEN == SET_FIRST);
        if
        :: true
        :: interrupt ? eval(_pid) -> goto clean_up
        fi;
        remove(BROKEN != SET_FIRST)
    } unless { atomic { kill ? eval(_pid) -> killed = true } };
over:
    do
    :: mine != 0 -> detach()
    :: atomic { mine == 0 ->
           take_back();
           owner = (owner == _pid -> 0 : owner);
           stopped = (stopped == _pid -> 0 : stopped);
           reader_of[_pid] = 0; printed[_pid] = false; is_read[_pid] = false;
           ours = 0; made = false;
           break }
    od;
end_over:
    if
    :: atomic { once_more == 2 && _pid == 1 -> once_more = 1; goto own }
    :: once_more == 3
    fi
}

#define seems_dead                                                            \
    (BROKEN == OWNER_EARLY -> dead :                                          \
     BROKEN != NO_OWNER && (set != my_set || sem[OWNER] != 1))

active [2] proctype reader() /* processes 3, 4 */
{
    byte s;
    bool dead, again;
end_take:
    {
        atomic { /* 1. semget */
            (_pid == 3 || came[3]) && set != 0;
            came[_pid] = true;
            my_set = set
        };
end_ready:
        if /* take */
        :: atomic { set == my_set && sem[READY] > 0 ->
               sem[READY]--;
               redo = redo | only(UNDO_TAKE, me);
               sem[BUSY] = sem[BUSY] + by(TAKE_LATER, 1);
               undo[BUSY] = undo[BUSY] | by(NO_UNDO_BUSY, me);
               dead = only(OWNER_EARLY, sem[OWNER] != 1);
               from = owner;
               assert(from != 0);
               reader_of[from] = _pid }
        :: atomic { set != my_set -> assert(BROKEN != NO_RETRY_TAKE) };
           goto end_take
        fi;
        atomic { /* 2. shmget */
            sem[BUSY] = sem[BUSY] + only(TAKE_LATER, 1);
            found[_pid] = segment
        };
        atomic { /* shmat */
            mine = (found[_pid] != 0 && exists(found[_pid]) -> found[_pid] : 0);
            found[_pid] = 0
        };
        if /* OWNER */
        :: atomic { seems_dead || mine == 0 -> assert(!lives(from)) };
           goto over
        :: atomic { !(seems_dead) && mine != 0 ->
               sem[UNREAD] = sem[UNREAD] -
                   only(DONE_EARLY, set == my_set && sem[UNREAD] > 0) }
        fi;
        assert(student[mine] == from); /* 3. from here */
        atomic {
            assert(student[mine] == from && !printed[from]); /* to there */
            printed[from] = (owner == from);
            sem[BUSY] = sem[BUSY] - only(DONE_BUSY_FIRST, set == my_set);
            detach()
        };
        if /* 4. done */
        :: atomic { set == my_set &&
                    (sem[UNREAD] > 0 || BROKEN == DONE_EARLY) ->
               sem[UNREAD] = sem[UNREAD] - by(DONE_EARLY, 1);
               sem[BUSY] = sem[BUSY] - by(DONE_BUSY_FIRST, 1);
               undo[BUSY] = undo[BUSY] & ~by(NO_UNDO_DONE, me);
               assert(owner == from);
               is_read[from] = true }
        :: atomic { set != my_set || (sem[UNREAD] == 0 &&
                    BROKEN != DONE_EARLY && BROKEN != DONE_WAITS) ->
               assert(!lives(from)) }
        fi
    } unless { kill ? eval(_pid) };
over:
    do
    :: mine != 0 -> detach()
    :: atomic { mine == 0 -> take_back(); from = 0; dead = false; break }
    od;
end_over:
    if
    :: atomic { _pid == 3 && once_more > 0 && !again ->
           again = true; goto end_take }
    :: once_more == 3
    fi
}
