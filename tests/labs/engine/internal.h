/*
 * internal.h - what the parts of the engine know of each other
 *
 *   trace.c    a process under ptrace(2): start, stop, look into, resume
 *   waits.c    system calls that end by themselves after a time
 *   events.c   what a stop tells
 *   rest.c     let all go on until nobody can: the state of rest
 *   attempts.c a process that looks again and again is let look
 *   step.c     bring a process to its next instant
 *   explore.c  schedules: which process is late, and where
 *   bounds.c   what ends a check that would go on forever
 *   objects.c  names, and what a run has left
 *   report.c   what a check says
 */
#ifndef INTERNAL_H
#define INTERNAL_H

#include "engine.h"
#include "machine.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#ifdef __GLIBC__
typedef enum __ptrace_request request;
#else
typedef int request;
#endif
/* What <linux/ptrace.h> has, which does not agree with <sys/ptrace.h>. */
#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

/* --- report.c ---------------------------------------------------------------------- */

extern const char *program; /* the student's, an absolute path */
extern const struct scenario *scenario;
extern int instants; /* at how many a process was held */

/* What a check ends with: its exit status. */
enum { PASS, FAIL, BROKEN, BUSY = 75, CANNOT = 77 };

/* The end of a check that found out nothing: no verdict on the lab. */
_Noreturn void no_verdict(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- trace.c ----------------------------------------------------------------------- */

enum { MAX_REGIONS = 32 };
struct process *process_with(pid_t pid);
struct process *new_process(pid_t pid, int part, int child);
struct process *launch(int part, char *const *argv, int in, int out, int log);
void resume(struct process *a, request how);
void set_status(struct process *a, int status);
bool group_stopped(const struct process *a);
void kill_all(void);

/* Children that stopped before we heard of them. */
void note_stray(pid_t pid, int status);
bool take_stray(pid_t pid, int *status);

int64_t cpu_of(pid_t pid);
bool read_proc(pid_t pid, const char *file, char *text, size_t size);
bool asleep(const struct process *a, long *switches);
bool off_processor(pid_t pid);
registers get_registers(const struct process *a);
void set_registers(const struct process *a, registers r);
bool atomic_at(const struct process *a, uint64_t at);
bool at_call(const struct process *a);
bool own_code(const struct process *a, uint64_t ip);
bool set_breakpoint(struct process *a, uint64_t at);
void come_back(
    struct process *a); /* if it is at its breakpoint: take it away */

void look_at_maps(struct process *a);
bool shared_changed(struct process *a);
/* All of a process's memory that is its own, to be compared with later. */
struct image {
    pid_t pid; /* 0: of nobody, it did not fit */
    registers registers;
    struct region {
        uint64_t at;
        size_t size;
        char *was;
    } regions[MAX_REGIONS];
    int many;
};
void take_image(const struct process *a, struct image *image,
                const registers *r);
bool same_image(const struct process *a, const struct image *image,
                const registers *r);
extern struct change { /* what changed last in shared memory */
    uint64_t at;
    size_t size; /* 0: more than fits */
    char was[64], is[64];
} change;

/* --- waits.c ----------------------------------------------------------------------- */

void shorten(struct process *a); /* its wait is over at once */
void restore(struct process *a);
void begin_time(void); /* of a run: its clocks are ours */
void pass_time(const struct process *a);
void pass_tenth(void);
bool tells_time(const struct process *a);
void shift_time(struct process *a, int64_t result);

/* --- events.c ---------------------------------------------------------------------- */

void note(struct process *a); /* what its stop tells */
extern long deaths;           /* so many processes have ended */
extern long progress;    /* so much has happened: what a process may wait for */
extern bool others_held; /* all but the delayed one */
extern bool ahead; /* parent and children stop until it is at its instant */
extern int births[MAX_PARTS]; /* children so far */

/* --- attempts.c -------------------------------------------------------------------- */

bool hurry(struct process *a); /* at the entry of a call */
bool let_try(void); /* one of those who wait with a timeout, or yield */

/* --- rest.c ------------------------------------------------------------------------ */

void hold_others(bool hold);
void go_on(struct process *a);
bool spins_in_calls(struct process *a);
bool interrupted(const struct process *a); /* because it burns CPU */

/* --- step.c ------------------------------------------------------------------------ */

enum { MAX_SEEN = 4096 };
struct walk { /* of one process, from its beginning to its Nth instant */
    struct place {
        uint64_t ip, sp;
        int times;
    } seen[MAX_SEEN];
    int many;         /* places */
    int reached;      /* instants */
    int calls;        /* of the system */
    int marks_before; /* the next run may take a short cut to where this one was
                         before this instant */
    bool quickly;     /* it is on such a short cut */
    bool lost;        /* it did not get there: this run is made again */
    bool hurries;     /* its waits with a timeout are over at once */
    bool reduced;     /* leave out instants before which it has not .acted */
    bool touched;     /* its next instruction touches shared memory */
    bool acted;       /* since its last instant, so that others may notice */
    bool surprised;   /* a call that was taken for quiet is not: the same */
};
/* AGAIN: the next run goes to the same instant. N 0: with no short cut. */
void begin_walk(struct walk *w, int n, bool again);
void forget_mark(void);
enum moved { INSTANT, CAME_BACK, STUCK, GONE };
enum moved next_instant(struct walk *w, struct process *a);

/* --- bounds.c ---------------------------------------------------------------------- */

extern volatile sig_atomic_t stopped_by; /* Ctrl-C, and the like */
void begin_clock(void);
void count_step(void);
void look_at_clock(int64_t since); /* of the last thing that happened */

/* --- objects.c --------------------------------------------------------------------- */

extern bool preparing; /* what comes into being now is for the run itself */
void name_objects(void);
void note_path(const struct process *a);
void note_object(const struct process *a, int64_t result);
void remove_made(void);
void remove_objects(void);

/* --- explore.c --------------------------------------------------------------------- */

extern int out_of[MAX_PARTS], log_of[MAX_PARTS];
extern int terminal_of[MAX_PARTS]; /* other side of stdout; 0: a file */
void end_run(void);

#endif
