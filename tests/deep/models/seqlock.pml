/*
 * seqlock.pml - the sequence lock of mmap/seqlock.h, for spin(1)
 *
 *     $ make models                             every model and variant
 *     $ sh tests/deep/models.sh seqlock NO_ODD  what goes wrong, by steps
 *
 * Modelled: two writers, of which each has the lock before it writes, and may be
 * killed at any instant, and one try of a reader at any instant. One stands
 * for all its tries, for a reader keeps nothing from one to the next.
 *
 * spin does one step after the other, and all processes see them in that
 * order. Compilers and processors do not do so. Hence the accesses of one
 * process are no sequence here: each is done as soon as those are done that
 * must come before it, and else in any order. What must come before is what
 * the header's fences, release stores and acquire loads say, and no more.
 *
 * What must hold: a text that a reader accepts is whole, and the one that the
 * even number which it read first stands for.
 *
 * Left out: a text is two words, each with the text's number in it; there are
 * three texts, so that the sequence does not wrap around.
 */
mtype = {
    NOTHING,          /* the lock as it is. Broken is what lacks ... */
    NO_ODD,           /* the odd number: the first store of write_text */
    NO_OR_1,          /* `| 1`: write_text adds 1 */
    NO_RELEASE_FENCE, /* in write_text: the odd number before the words */
    NO_RELEASE_END,   /* in write_text: the words before the even number */
    NO_ACQUIRE_BEGIN, /* in read_text: the number before the words */
    NO_ACQUIRE_FENCE, /* in read_text: the words before the second look */
    NO_RETRY,         /* in read_text: the second look at the number */
    NO_ODD_CHECK,     /* in read_text: `before % 2 == 1` */
    NO_ZERO_CHECK,    /* in read_text: `before == 0` */
    TWO_WRITERS       /* the writer's lock, fcntl(2) */
};
#ifndef BROKEN
#define BROKEN NOTHING
#endif

#define TEXTS 3
byte sequence;             /* 0: no text yet; odd: the text is changing */
byte text[2];
bool owner;                /* the lock: there is a writer */
byte texts;                /* how many were begun */
byte whole[2 * TEXTS + 3]; /* by number: the text it stands for; 0: none */

/* An access, done once, as soon as those in `after` are done. */
#define access(bit, after, what)                                              \
    atomic { (done & (bit)) == 0 && (done & (after)) == (after) ->            \
             what; done = done | (bit) }
/* These must come before; not so when `variant` is what we look at. */
#define by(variant, bits) (BROKEN == variant -> 0 : bits)
#define BEGIN 1
#define WORD0 2
#define WORD1 4
#define WORDS (WORD0 | WORD1)
#define END 8
#define ALL 15

active [2] proctype writer()
{
    byte n, done;
    atomic { !owner || BROKEN == TWO_WRITERS -> owner = true }; /* F_OFD_SETLK */
    do
    :: atomic { texts < TEXTS -> texts++; n = texts; done = 0 };
       do /* write_text: odd, the words, even */
       :: access(BEGIN, 0, sequence = (BROKEN == NO_ODD -> sequence :
                    (BROKEN == NO_OR_1 -> sequence + 1 : sequence | 1)))
       :: access(WORD0, by(NO_RELEASE_FENCE, BEGIN), text[0] = n)
       :: access(WORD1, by(NO_RELEASE_FENCE, BEGIN), text[1] = n)
       :: access(END, BEGIN | by(NO_RELEASE_END, WORDS),
                 sequence = sequence + (BROKEN == NO_ODD -> 2 : 1);
                 whole[sequence] = n)
       :: done == ALL -> break
       :: goto over /* killed */
       od
    :: goto over /* killed, or it has written all it wanted */
    od;
over:
    owner = false
}

active proctype reader()
{
    byte s, again, copy[2], done;
    do /* read_text: before, the words, after */
    :: access(BEGIN, 0, s = sequence)
    :: access(WORD0, by(NO_ACQUIRE_BEGIN, BEGIN), copy[0] = text[0])
    :: access(WORD1, by(NO_ACQUIRE_BEGIN, BEGIN), copy[1] = text[1])
    :: access(END, BEGIN | by(NO_ACQUIRE_FENCE, WORDS), again = sequence)
    :: done == ALL -> break
    od;
    if
    :: (s == 0 && BROKEN != NO_ZERO_CHECK) ||
       (s % 2 == 1 && BROKEN != NO_ODD_CHECK) ||
       (s != again && BROKEN != NO_RETRY) /* then it tries again */
    :: else /* and else it has a text */
       assert(whole[s] != 0 && copy[0] == whole[s] && copy[1] == whole[s])
    fi
}
