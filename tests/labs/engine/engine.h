/*
 * engine.h - run a program of several processes under schedules that we choose
 *
 * What a check of a lab includes. README.md in this folder says what a schedule
 * and an instant are, what is bounded, and how to write a check in ten steps.
 */
#ifndef ENGINE_H
#define ENGINE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* it is to be the first header of a check */
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    MAX_PARTS = 6,      /* programs that one run starts */
    MAX_WORDS = 16,     /* arguments of one of them; more of them: .list */
    MAX_PROCESSES = 24, /* at the same time; a fork bomb ends here */
    MAX_BIRTHS = 3000,  /* children of a part, one after the other */
    FIRST_ONES = 3, /* children that a check may delay, or ask for at the end */
    MAX_SHARED = 8, /* shared mappings of a process that are watched */
    EXPIRIES = 40   /* waits of one process that end by time, at one rest */
};

/* One program of a run. */
struct part {
    const char *role;             /* in the evidence: "writer" */
    const char *words[MAX_WORDS]; /* its arguments */
    const char *const *list;      /* more of them, up to a NULL */
    const char *input;            /* its stdin; NULL: nothing */
    bool fine;  /* each instruction of its own code is an instant */
    bool loads; /* before and after each of them that touches shared memory */
    bool late;  /* a store of it may be late: others come before it is seen */
    int times;  /* so often a place is an instant; 0: twice, see step.c */
    int busy;   /* it does so many things one after the other: it may make more
                   calls, and take more time, before it is said to get nowhere */
    const char *folder; /* its current one, below the check's; NULL: the same */
    bool terminal;      /* its stdout is a terminal, not a file */
    bool pipes; /* its stdout is a pipe; so is its stdin, which stays open */
};

struct process;

/* What is run again and again, with another schedule each time. */
struct scenario {
    struct part parts[MAX_PARTS];
    void (*prepare)(void);    /* before each run: fresh objects; or NULL */
    void (*while_held)(void); /* the delayed process is held, or was killed */
    void (*judge)(void);      /* after each run: fail(), or it is right */
    bool (*stop)(const struct process *a); /* before this call of its, until
                                              judge() lets it go on; or NULL */
    bool kill;        /* at its instant the process gets SIGKILL */
    bool alone;       /* the other parts are not started at all */
    bool solo;        /* others stand still until it is held, or has to wait */
    bool alike;       /* the ids of the parts have the same last 8 bits */
    bool no_attempts; /* attempts.c: another scenario has them */
    bool pids_reused; /* a dead process's id belongs to somebody else now */
    int most; /* so many instants are enough; 0: all. judge() may set it to 1 */
};

/* A process of the student's. */
enum state {
    RUNNING, /* it works, or it sleeps in the kernel */
    STOPPED, /* it stands still until it is resumed */
    ENDED    /* with a status, as waitpid(2) gives it */
};
enum alarm { NO_ALARM, ONE_ALARM, MANY_ALARMS };
struct call_site;
struct process {
    pid_t pid;
    int part;  /* its number among those that the check started */
    int child; /* 0: started by the check; 1, 2 ...: its children */
    enum state state;
    int status;   /* STOPPED or ENDED: as waitpid(2) gave it */
    bool held;    /* is not to be resumed */
    bool in_call; /* between the entry and the exit of a system call */
    int changed;  /* 1 + the argument of its call that we have changed */
    int attempts; /* calls since it is hurried, rest.c; 0: it is not */
    bool asked;   /* for the time, since then */
    bool expire;  /* its wait with a timeout is to end, as if time had passed */
    bool spins;   /* was stopped because it burns CPU and gets nowhere */
    int signal;   /* to be delivered when it goes on */
    bool killed;  /* by the check */
    bool prints;  /* has written to its stdout */
    bool reads;   /* has read from its stdin */
    int expiries; /* waits with a timeout that we ended */
    enum alarm alarm; /* alarm(2), setitimer(2) */
    long progress;    /* how much there had been when it was seen to spin */
    long deaths;      /* how many had ended when it last got a share */
    int calls;        /* of the system, since it was last resumed at rest */
    uint64_t call, args[6], ip, sp;
    int64_t cpu; /* ns that it had used when it was last resumed */
    uint64_t text, text_end, base; /* the program's own code */
    struct shared_map { /* a mapping that others see, and what was in it last */
        uint64_t at;
        size_t size;
        char *was;
    } shared[MAX_SHARED];
    int shares;
    struct call_site *site; /* where it called what it is in */
    uint64_t back;          /* its breakpoint; 0: none */
    char under[8];          /* what is there in truth */
    bool came_back;         /* it has just got there */
    bool runs;              /* nothing more of it is worth a step */
    bool stored; /* its last step was a plain store to shared memory */
};

/* --- what there is in the present run ------------------------------------------ */

extern struct part parts[MAX_PARTS]; /* the scenario's, and run_after()'s */
extern int many_parts;
extern struct process processes[MAX_PROCESSES];
extern int many_processes;
extern struct delayed { /* the process that is held, and where that was */
    int part, child;    /* part -1: none is to be */
    bool there;         /* it is held now, or was in this run */
    bool in_call;
    bool late;     /* its last store was not to be seen yet */
    uint64_t call; /* if in_call: its number, as in <sys/syscall.h> */
    uint64_t base, places[8];
} delayed, delayed_too; /* the second one, in explore_two() */

struct process *process_of(int part, int child); /* or NULL */
const char *who(int part, int child);            /* its name in the evidence */
bool over(int part);           /* has it ended, and each child of it? */
const char *printed(int part); /* all that it and its children printed */

/* --- schedules ------------------------------------------------------------------- */

/* When the other parts are started: when the delayed one is at its instant; or
   before it, and they are at rest when it comes. Its parent and its children go
   on as they can; or, with DELAYED_ALONE, they stand still from the fork on until
   it is at its instant, or has to wait for them. */
enum order { DELAYED_FIRST, DELAYED_LAST, DELAYED_ALONE };

/* check PROGRAM: in an empty folder, which is the current one. */
void begin(int argc, char **argv);

/* A run with no delay. */
void run_once(const struct scenario *next);

/* One more part, when the others are at rest; what it prints. */
const char *run_after(struct part part);

/* Delay this part, or its Nth child, at one instant after the other: all others
   go on until none can, then it does. Returns how many instants there were. */
int explore(const struct scenario *next, int part, int child, enum order order);

/* Delay two at once: the first part is held at its Nth instant; the second one comes,
   and it or its child is held at its Mth; the first goes on as far as it can, and then
   the second. For all N and M: a preemption bound of 2. Returns how many such pairs.
   The first must not need the second to come to its instants. */
int explore_two(const struct scenario *next, int first, int second, int child);

/* One more text for the stdin of a part that has .pipes. */
void give(int part, const char *text);

/* Let all go on who are not held, until nobody can. If time passes, waits with a
   timeout end then, one after the other, and so on. */
void quiesce(bool time_passes);

/* Does its system call end by itself after a time? And how many ns is that? */
bool timed(const struct process *a, int64_t *result);
int64_t patience(const struct process *a);

/* Wait for this one alone, which cannot be asleep. */
void wait_for(struct process *a);

/* --- names and leftovers ------------------------------------------------------------ */

/* A number that nobody can foresee, 0 to BELOW - 1: getrandom(2). */
unsigned any(unsigned below);

/* The name of a POSIX object for this check alone; what the student's program
   makes of it ("sem.NAME", "NAME.lock") is removed at the end of each run. */
const char *object(const char *what);
const char *left_over(void); /* a file of such a name that is there; or NULL */
const char *left_behind(void); /* "a segment" ... that a run made; or NULL */

/* --- what a check says ------------------------------------------------------------- */

/* The verdict: the evidence, and where the delayed process was. */
_Noreturn void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
_Noreturn void pass(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* fail() if anybody goes on forever, or died of a signal that we did not send. */
void all_end_well(void);

/* TEXT in quotation marks and on one line. There are four places for it. */
const char *quoted(const char *text);

int64_t nanoseconds(clockid_t clock);
bool peek(const struct process *a, uint64_t at, void *to, size_t size);
bool poke(const struct process *a, uint64_t at, const void *from, size_t size);

#endif
