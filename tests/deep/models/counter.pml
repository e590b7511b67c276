/*
 * counter.pml - posix_shm/counter and counter.h, for spin(1)
 *
 *     $ make models                               every model and variant
 *     $ sh tests/deep/models.sh counter NO_FLOCK  what goes wrong, by steps
 *
 * Modelled: three counters, each of which adds twice. Each may be killed
 * between any two steps; then the kernel closes its object, drops its locks and
 * marks the mutex that it held. The memory for an object may be missing. When
 * all have ended, one of them runs once more.
 *
 * What must hold: all that count use one object, which has the name and is
 * initialised. Nobody initialises an object that another process uses, or
 * removes its name. With the mutex locked, the total is the sum of the rows.
 * Nobody waits forever. If nobody was killed, no name is left; after the last
 * run none is left in any case.
 *
 * Left out: how the mutex works (mutex.pml), a name that others remove, an
 * object of others. The sum of the rows is one word. Counter 1 comes before 2,
 * and 2 before 3: they run the same program, so the other orders are the same.
 */
mtype = {
    NOTHING,         /* the counters as they are. Broken is what lacks ... */
    NO_FLOCK,        /* flock in counter_open */
    FLOCK_EARLY,     /* flock held until all is initialised */
    NO_NAMED,        /* the look at st_nlink */
    NO_LIFE_LOCK,    /* the lock for life */
    LIFE_LATE,       /* the lock for life before flock ends: after it */
    MAKER_FIRST,     /* `first` if it is alone: if it has made the object */
    NO_MEMORY_STAYS, /* counter_close if there is no memory */
    NO_MUTEX,        /* pthread_mutex_lock */
    NOT_ROBUST,      /* PTHREAD_MUTEX_ROBUST */
    NO_REPAIR,       /* the repair: total = sum */
    NO_CONSISTENT,   /* pthread_mutex_consistent */
    NO_FLOCK_CLOSE,  /* flock in counter_close */
    ALL_REMOVE,      /* the look whether we are the last */
    KEEP             /* the last one's shm_unlink */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#ifndef ADDS
#define ADDS 2
#endif
byte name;     /* the object it leads to; 0: none */
byte fd[4];    /* by process: the object it has open; 0: none */
byte life[4];  /* the one that it has locked for life */
byte uses[4];  /* the one that it counts in */
byte lock[4];  /* by object: the process that has flock; 0: none */
bool made[4];  /* is it initialised? */
byte mutex[4]; /* the process that has it locked; 0: none, or */
#define OWNERDEAD 8
#define NOTRECOVERABLE 9
byte rows[4], total[4];

bool killed;   /* a process that had an object open was */
bool came[4];  /* has the process run? */
byte once_more; /* 1: counter 1 runs once more, 2: no more */
bool success;

chan kill = [0] of { byte };

#define mine fd[_pid]
#define named (name == mine)
#define others(array, o) ((_pid != 1 && array[1] == o) ||                     \
    (_pid != 2 && array[2] == o) || (_pid != 3 && array[3] == o))

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3
    :: break
    od;
    timeout -> /* all is at rest */
    d_step {
        assert(fd[1] == 0 && fd[2] == 0 && fd[3] == 0);
        assert(killed || name == 0);
        killed = false;
        once_more = 1
    };
    timeout ->
    assert(name == 0 && success);
    once_more = 2
}

inline close() /* what has no name then, and is not open, is gone */
{
    d_step {
        o = mine;
        mine = 0;
        life[_pid] = 0;
        uses[_pid] = 0;
        lock[o] = (lock[o] == _pid -> 0 : lock[o]);
        mutex[o] = (mutex[o] == _pid -> OWNERDEAD : mutex[o]);
        if
        :: name != o && !others(fd, o) ->
           made[o] = 0; mutex[o] = 0; rows[o] = 0; total[o] = 0
        :: else
        fi;
        o = 0
    }
}

inline flock(variant)
{
    if
    :: atomic { lock[mine] == 0 && BROKEN != variant -> lock[mine] = _pid }
    :: lock[mine] == _pid || BROKEN == variant
    fi
}

inline flock_un()
{
    lock[mine] = (lock[mine] == _pid -> 0 : lock[mine])
}

inline counter_close()
{
    uses[_pid] = 0;
    flock(NO_FLOCK_CLOSE);
    life[_pid] = 0;
    if
    :: BROKEN != KEEP && (!others(life, mine) || BROKEN == ALL_REMOVE) ->
       d_step { assert(named && !others(uses, mine)); name = 0 }
    :: else
    fi;
    flock_un()
}

inline mutex_lock()
{
    if
    :: atomic { mutex[mine] == 0 -> mutex[mine] = _pid }
    :: atomic { mutex[mine] == OWNERDEAD && BROKEN != NOT_ROBUST ->
           mutex[mine] = _pid;
           repair = true };
       total[mine] = (BROKEN == NO_REPAIR -> total[mine] : rows[mine]);
       repair = (BROKEN == NO_CONSISTENT)
    :: BROKEN == NO_MUTEX
    fi;
    assert(named && made[mine] && rows[mine] == total[mine])
}

inline mutex_unlock()
{
    atomic { mutex[mine] = (repair -> NOTRECOVERABLE : 0); repair = false }
}

active [3] proctype counter() /* processes 1, 2, 3 */
{
    byte n, o;
    bool first, repair;
open:
    {
        atomic { /* 1. counter_open */
            _pid == 1 || came[_pid - 1];
            came[_pid] = true;
            first = (name == 0);
            name = (name != 0 -> name :
                    (!others(fd, 1) -> 1 : (!others(fd, 2) -> 2 : 3)));
            mine = name
        };
        flock(NO_FLOCK);
        if
        :: named || BROKEN == NO_NAMED
        :: else -> atomic { close(); goto open }
        fi;
        life[_pid] = (BROKEN == NO_LIFE_LOCK || BROKEN == LIFE_LATE ->
                      0 : mine);
        first = (BROKEN == MAKER_FIRST -> first : !others(life, mine));
        if
        :: BROKEN == FLOCK_EARLY -> flock_un()
        :: else
        fi;
        if
        :: first ->
           d_step { assert(!others(uses, mine)); made[mine] = false };
           if
           :: once_more == 0 -> /* no memory */
              if
              :: BROKEN == NO_MEMORY_STAYS -> goto over
              :: else -> goto leave
              fi
           :: d_step {
                  made[mine] = true; mutex[mine] = 0;
                  rows[mine] = 0; total[mine] = 0 }
           fi
        :: else
        fi;
        atomic { first = false; uses[_pid] = mine };
        flock_un();
        life[_pid] = (BROKEN == LIFE_LATE -> mine : life[_pid]);
        do /* 2. count */
        :: atomic { n < ADDS -> n++ };
           mutex_lock();
           rows[mine]++;
           total[mine]++;
           mutex_unlock()
        :: else -> break
        od;
        success = (once_more == 1);
leave:  counter_close() /* 3. */
    } unless { atomic { kill ? eval(_pid) -> killed = killed || mine != 0 } };
over:
    atomic { close(); came[_pid] = true; n = 0; first = false; repair = false };
end_over:
    if
    :: atomic { once_more == 1 && _pid == 1 && !success -> goto open }
    :: once_more == 2
    fi
}
