/*
 * message.pml - posix_shm/writer, reader and message.h, for spin(1)
 *
 *     $ make models                                  every model and variant
 *     $ sh tests/deep/models.sh message NO_LIVENESS  what goes wrong, by steps
 *
 * Modelled: two writers and two readers at one name. Each may be killed between
 * any two steps; then the kernel closes its object and drops its locks. One
 * writer may be stopped (Ctrl-C), and the memory for an object may be missing.
 * When all are at rest, one writer and one reader run once more.
 *
 * What must hold: a reader reads only an object that is initialised, and each
 * message once and in order. If a writer succeeds, all was read. A process
 * gives up its partner only if that is dead, and only when it has taken all
 * that the partner sent. At most one writer waits at the name, and no other
 * process removes the name before a reader has met that writer. Nobody waits
 * forever for a partner that it had met. If nobody was killed, no name is left;
 * after the last run none is left in any case.
 *
 * The accesses of one process come in any order that semaphores and locks
 * allow: see seqlock.pml. The programs look again and again. A look that fails
 * changes nothing, so here a process looks when there is news.
 *
 * Left out: a name that others remove, an object of others, the sizes. A text
 * is one word. Writer 1 comes before writer 2, and reader 3 before reader 4:
 * they run the same programs, so the other order is the same.
 */
mtype = {
    NOTHING,          /* the pair as it is. Broken is what lacks ... */
    LOOK_ORDER,       /* the size before the kind, in message_made */
    NO_READER_LOCK,   /* the reader's lock of READER */
    NO_READER_NAMED,  /* the reader's look whether the object has the name */
    NO_WRITER_LOOK,   /* the reader's look at WRITER, once it has READER */
    READER_LEAVES,    /* the reader's shm_unlink of a dead writer's object */
    NO_WRITER_NAMED,  /* that look of the writer, in its step 1 */
    WRITER_ALONE,     /* the lock of both bytes in step 1: WRITER alone */
    TWO_LOCKS,        /* both locked at once: one after the other */
    NO_TEST,          /* F_TEST of WRITER: refused if the lock fails */
    READER_FREE,      /* READER locked until all is initialised */
    REMOVE_UNLOCKED,  /* the lock of READER in remove_name */
    REMOVE_ANY,       /* the look whether it has the name in remove_name */
    STOP_LEAVES,      /* remove_name in the writer's step 5 */
    WRITER_REMOVES,   /* shm_unlink by the reader: by the writer, later */
    NO_LAST,          /* `last`: a dead writer is the end */
    NO_LAST_ROOM,     /* the wait for room after the last message */
    NO_LIVENESS,      /* the look at the partner's byte in message_wait */
    NO_WAIT_NAMED,    /* the look whether it has the name in message_wait */
    NO_LAST_TRY,      /* the last try of the semaphore, after these looks */
    POST_NOT_RELEASE, /* the message before the post of full */
    WAIT_NOT_ACQUIRE, /* the wait for full before the message is read */
    ROOM_NOT_RELEASE  /* the message read before the post of room */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define MESSAGES 2
byte name;      /* the object it leads to; 0: none */
byte fd[5];     /* by process: the object it has open; 0: none */
byte made[3];   /* by object: how far it is, */
#define WHOLE 1 /* sized and marked, */
#define READY 2 /* initialised, */
byte WRITER[3]; /* the process that has this byte locked; 0: none */
byte READER[3];
byte room[3], full_[3]; /* full is a word of spin's own */
byte text[3];           /* the number of a message */

byte server[3]; /* by object: the writer that made it its own, */
byte met[3];    /* the reader that met it, */
byte got[3];    /* the messages that were read */
byte serving;   /* the writer that has made an object, and met no reader */
byte stop;      /* the writer that Ctrl-C came for */
bool killed;    /* a process that had an object open was */
bool came[5];   /* has the process run? */
byte once_more; /* 1: a reader runs once more, 2: and a writer */
bool success;

chan kill = [0] of { byte };

/* An access, once in each turn, as soon as those in `after` are done. */
#define access(bit, after, what)                                              \
    atomic { (done & (bit)) == 0 && (done & (after)) == (after) ->            \
             what; done = (done | (bit)) % 7 }
#define by(variant, bits) (BROKEN == variant -> 0 : bits)
#define mine fd[_pid]
#define named (name == mine)
#define unused(o) (fd[1] != o && fd[2] != o && fd[3] != o && fd[4] != o)

inline close() /* what has no name then, and is not open, is gone */
{
    d_step {
        o = mine;
        WRITER[o] = (WRITER[o] == _pid -> 0 : WRITER[o]);
        READER[o] = (READER[o] == _pid -> 0 : READER[o]);
        mine = 0;
        if
        :: name != o && unused(o) ->
           made[o] = 0; room[o] = 0; full_[o] = 0; text[o] = 0;
           server[o] = 0; met[o] = 0; got[o] = 0
        :: else
        fi;
        o = 0
    }
}

inline shm_unlink()
{
    d_step {
        assert(named && (serving == 0 || serving == _pid));
        serving = 0;
        name = 0
    }
}

#define seems_dead(partner)                                                   \
    ((!named || BROKEN == NO_WAIT_NAMED) && partner == 0 &&                   \
     BROKEN != NO_LIVENESS)

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3 :: kill ! 4
    :: stop == 0 -> stop = 1
    :: stop == 0 -> stop = 2
    :: break
    od;
    timeout -> /* all is at rest, */
    d_step {   /* and nobody waits for a partner that it had met, */
        assert(READER[1] == 0 && (WRITER[1] == 0 || name == 1));
        assert(READER[2] == 0 && (WRITER[2] == 0 || name == 2));
        assert(killed || name == 0 || serving != 0);
        once_more = (serving == 0 -> 2 : 1);
        killed = false;
        stop = 0
    };
    timeout ->
    assert(name == 0 && success);
    once_more = 3
}

inline remove_name()
{
    if
    :: atomic { READER[mine] == 0 || READER[mine] == _pid ||
                BROKEN == REMOVE_UNLOCKED ->
           READER[mine] = (BROKEN == REMOVE_UNLOCKED -> READER[mine] : _pid) };
       if
       :: named || BROKEN == REMOVE_ANY -> shm_unlink()
       :: else
       fi
    :: else
    fi
}

active [2] proctype writer() /* processes 1, 2 */
{
    byte done, o;
open:
    {
        atomic { /* 1. shm_open, when message_lock is worth a try */
            (_pid == 1 || came[1]) &&
                (name == 0 || READER[name] == 0 || WRITER[name] != 0);
            came[_pid] = true;
            assert(name != 0 || unused(1) || unused(2));
            name = (name != 0 -> name : (unused(1) -> 1 : 2));
            mine = name
        };
        if
        :: atomic { WRITER[mine] == 0 &&
                    (READER[mine] == 0 || BROKEN == WRITER_ALONE ||
                     BROKEN == TWO_LOCKS) ->
               WRITER[mine] = _pid;
               READER[mine] = (BROKEN == WRITER_ALONE ||
                               BROKEN == TWO_LOCKS -> READER[mine] : _pid) }
        :: else ->
           if
           :: atomic { WRITER[mine] != 0 || BROKEN == NO_TEST ->
                  assert(WRITER[mine] != 0) };
              goto over /* another writer waits */
           :: else -> goto shut
           fi
        fi;
        atomic {
            if
            :: BROKEN == TWO_LOCKS && READER[mine] != 0 -> goto shut
            :: else ->
               READER[mine] = (BROKEN == WRITER_ALONE -> READER[mine] : _pid)
            fi;
            if
            :: made[mine] < WHOLE && (named || BROKEN == NO_WRITER_NAMED) ->
               assert(named && serving == 0);
               serving = _pid;
               server[mine] = _pid;
               goto make
            :: else
            fi
        };
        remove_name(); /* a dead one's */
shut:   atomic { close(); goto open };
make:   if
        :: once_more == 0 -> goto leave /* 2. no memory */
        :: made[mine] = WHOLE
        fi;
        do /* 3. sem_init, and unlock READER */
        :: access(1, 0, room[mine] = 1; full_[mine] = 0; made[mine] = READY)
        :: access(6, by(READER_FREE, 1),
                  READER[mine] = (READER[mine] == _pid -> 0 : READER[mine]))
        :: done == 0 && made[mine] == READY -> break
        od;
end_wait:
        do /* 4. message_wait, message, sem_post */
        :: atomic { (done & 1) == 0 && room[mine] > 0 ->
               room[mine]--; goto has_room }
        :: (done & 1) == 0 && (stop == _pid || seems_dead(READER[mine])) ->
           if
           :: atomic { room[mine] > 0 && BROKEN != NO_LAST_TRY ->
                  room[mine]--; goto has_room }
           :: atomic { room[mine] == 0 || BROKEN == NO_LAST_TRY ->
                  assert(stop == _pid || (room[mine] == 0 && met[mine] != 0 &&
                                          fd[met[mine]] != mine)) };
              if
              :: BROKEN == STOP_LEAVES -> goto over
              :: else -> goto leave
              fi
           fi
        :: atomic { done == 0 && BROKEN == NO_LAST_ROOM &&
                    text[mine] == MESSAGES ->
has_room:      done = 1;
               if
               :: text[mine] == MESSAGES ->
                  assert(got[mine] == MESSAGES);
                  success = (once_more != 0);
                  goto leave
               :: else ->
                  name = (BROKEN == WRITER_REMOVES && named &&
                          text[mine] == 1 -> 0 : name)
               fi }
        :: access(2, 1, text[mine]++)
        :: access(4, 1 | by(POST_NOT_RELEASE, 2), full_[mine]++)
        od;
leave:  remove_name()
    } unless { atomic { kill ? eval(_pid) -> killed = killed || mine != 0 } };
over:
    atomic {
        close();
        serving = (serving == _pid -> 0 : serving);
        came[_pid] = true;
        done = 0
    };
end_over:
    if
    :: atomic { once_more == 2 && _pid == 1 -> once_more = 1; goto open }
    :: once_more == 3
    fi
}

active [2] proctype reader() /* processes 3, 4 */
{
    byte done, kind, o;
    bool again;
end_meet:
    {
        atomic { /* 1. shm_open and message_made */
            (_pid == 3 || came[3]) && name != 0 && READER[name] == 0 &&
                (made[name] >= WHOLE || BROKEN == LOOK_ORDER) &&
                (WRITER[name] != 0 || BROKEN != READER_LEAVES);
            came[_pid] = true;
            mine = name;
            kind = made[mine]
        };
        if
        :: atomic { READER[mine] == 0 && made[mine] >= WHOLE ->
               assert(kind >= WHOLE); /* else it "holds something else" */
               kind = 0;
               READER[mine] = by(NO_READER_LOCK, _pid) }
        :: else -> goto shut
        fi;
        if
        :: named || BROKEN == NO_READER_NAMED
        :: else -> goto shut
        fi;
        if
        :: WRITER[mine] != 0 || BROKEN == NO_WRITER_LOOK -> goto meet
        :: else ->
           if
           :: BROKEN == READER_LEAVES
           :: else -> shm_unlink()
           fi
        fi;
shut:   atomic { close(); kind = 0; goto end_meet };
meet:   atomic { /* 2. */
            assert(named && made[mine] == READY && met[mine] == 0);
            met[mine] = _pid;
            serving = 0;
            name = (BROKEN == WRITER_REMOVES -> name : 0)
        };
end_wait:
        do /* 3. message_wait, message, sem_post */
        :: atomic { (done & 1) == 0 && full_[mine] > 0 ->
               full_[mine]--; done = done | 1 }
        :: (done & 1) == 0 && seems_dead(WRITER[mine]) &&
           (got[mine] < MESSAGES || BROKEN == NO_LAST) ->
           if
           :: atomic { full_[mine] > 0 && BROKEN != NO_LAST_TRY ->
                  full_[mine]--; done = done | 1 }
           :: atomic { full_[mine] == 0 || BROKEN == NO_LAST_TRY ->
                  assert(full_[mine] == 0 && fd[server[mine]] != mine);
                  assert(got[mine] == MESSAGES || BROKEN != NO_LAST) };
              break
           fi
        :: access(2, by(WAIT_NOT_ACQUIRE, 1),
                  got[mine]++; assert(got[mine] == text[mine]))
        :: access(4, 1 | by(ROOM_NOT_RELEASE, 2), room[mine]++)
        :: done == 0 && got[mine] == MESSAGES && BROKEN != NO_LAST -> break
        od
    } unless { atomic { kill ? eval(_pid) -> killed = killed || mine != 0 } };
over:
    atomic { close(); came[_pid] = true; done = 0; kind = 0 };
end_over:
    if
    :: atomic { _pid == 3 && once_more > 0 && !again ->
           again = true; goto end_meet }
    :: once_more == 3
    fi
}
