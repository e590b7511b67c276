/*
 * owner.pml - who owns the name of posix_shm/writer's object, for spin(1)
 *
 *     $ make models                               every model and variant
 *     $ sh tests/deep/models.sh owner NO_LOCK     what goes wrong, by steps
 *
 * Modelled: create() and remove_it() of three writers, each of which may be
 * killed between any two steps; the kernel closes what it had open, and drops
 * its locks. A user, who may remove the name by hand once. A reader's look.
 *
 * What must hold: never two writers believe that they own the name; nobody
 * unlinks the object of a living owner; its name leads to it; nobody but its
 * maker holds WRITER. Where nobody was killed, one owned it, and nothing stays
 * behind.
 *
 * Assumed: the user does not remove the name between a writer's look at it and
 * its unlink. Against that nothing helps, for POSIX has no call that unlinks a
 * name if it leads to this inode: see RM_ANY_TIME.
 *
 * Left out: all but the name and the locks (message.pml).
 */
mtype = {
    NOTHING,           /* the writers as they are. Broken is what lacks ... */
    NO_EXCL,           /* O_EXCL: one takes what is there for its own */
    NO_LOCK,           /* the lock: nobody is refused */
    NO_INODE_CHECK,    /* ours() in create */
    UNLOCK_EARLY,      /* the lock, when the name of a dead run is unlinked */
    UNLINK_BY_NAME,    /* ours() in remove_it */
    CLEANER_IS_WRITER, /* "clears away ... takes OWNER alone": both instead */
    RM_ANY_TIME        /* the assumption above */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

byte name;      /* the inode it leads to; 0: none */
byte fd[4];     /* by process: the inode it has open; 0: none */
byte OWNER[5];  /* by inode: the process that has this byte locked; 0: none */
byte WRITER[5]; /* by inode: 0, or whoever has OWNER locked has it too and */
#define MAKER 1   /* made this object */
#define CLEANER 2 /* did not */

chan kill = [0] of { byte };
byte living;    /* the process that believes to own the name; 0: none */
bool looked[4]; /* at the name, and goes to unlink it */
bool killed, removed, served;

#define mine fd[_pid]

inline close()
{
    d_step {
        if
        :: OWNER[mine] == _pid -> OWNER[mine] = 0; WRITER[mine] = 0
        :: else
        fi;
        mine = 0
    }
}

active proctype user() /* process 0 */
{
    do
    :: kill ! 1 :: kill ! 2 :: kill ! 3
    :: atomic { !removed && (BROKEN == RM_ANY_TIME ||
                             !(looked[1] || looked[2] || looked[3])) ->
           removed = true; name = 0; living = 0 }
    :: break
    od;
    timeout -> assert(killed || (served && name == 0))
}

inline shm_unlink()
{
    atomic {
        assert(living == 0 || living == _pid || fd[living] != name);
        living = (living == _pid -> 0 : living);
        looked[_pid] = false;
        name = 0
    }
}

active [3] proctype writer() /* processes 1, 2, 3 */
{
    bool fresh;
open: /* with O_EXCL; or without, when that failed, which changed nothing */
    {
        atomic {
            fresh = (name == 0);
            if
            :: fresh ->
               name = 1;
               do /* an inode that nobody has open */
               :: fd[1] == name || fd[2] == name || fd[3] == name -> name++
               :: else -> break
               od
            :: else
            fi;
            mine = name
        };
        if
        :: atomic { OWNER[mine] == 0 && BROKEN != NO_LOCK ->
               OWNER[mine] = _pid;
               WRITER[mine] = (fresh -> MAKER : (BROKEN == NO_EXCL ||
                               BROKEN == CLEANER_IS_WRITER -> CLEANER : 0));
               fresh = (fresh || BROKEN == NO_EXCL) }
        :: BROKEN == NO_LOCK
        :: else -> goto over /* another writer is at work */
        fi;
        if /* ours()? */
        :: atomic { fresh && (name == mine || BROKEN == NO_INODE_CHECK) ->
               assert(living == 0); living = _pid; served = true }
        :: atomic { !fresh && (name == mine || BROKEN == NO_INODE_CHECK) ->
               looked[_pid] = true;
               OWNER[mine] = (BROKEN == UNLOCK_EARLY -> 0 : OWNER[mine]) };
           shm_unlink(); /* a dead run's */
           close();
           goto open
        :: else ->
           close();
           goto open
        fi;
        /* Use it. Then remove_it: ours()? */
        if
        :: atomic { name == mine || BROKEN == UNLINK_BY_NAME ->
               looked[_pid] = true };
           shm_unlink()
        :: else
        fi
    } unless { atomic { kill ? eval(_pid) -> killed = true } };
over:
    atomic {
        close();
        living = (living == _pid -> 0 : living);
        looked[_pid] = false;
        fresh = false
    }
}

active proctype reader() /* one look, at any instant */
{
    atomic {
        assert(living == 0 || fd[living] == name);
        assert(WRITER[name] != CLEANER)
    }
}
