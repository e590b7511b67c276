/*
 * explore.c - schedules: one process is late, at one instant after the other
 *
 * A race shows itself when one process is slow at an unlucky place. A check does
 * not wait for that: it runs the lab again and again, and each time one process,
 * the delayed one, is preempted at its next instant, while all others go on until
 * nobody can. Then it goes on, or is killed, and at the end the check judges
 * what was printed.
 *
 * Most races need no more than one such delay, or two: M. Musuvathi and S. Qadeer,
 * "Iterative context bounding for systematic testing of multithreaded programs",
 * PLDI 2007; S. Burckhardt and others, "A randomized scheduler with probabilistic
 * guarantees of finding bugs", ASPLOS 2010.
 */
#define _GNU_SOURCE
#include "internal.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    /* A process that waits for others, and goes on waiting so often when they are
       at rest again, does not come to an instant in this run. */
    STUCK_AT_MOST = 4,
    WAITS_AT_MOST = 320 /* but a wait that ends by time is over in time */
};

struct part parts[MAX_PARTS];
int many_parts;
int out_of[MAX_PARTS], log_of[MAX_PARTS], terminal_of[MAX_PARTS];
static int in_of[MAX_PARTS]; /* other side of its stdin, if that is a pipe */
struct delayed delayed = {.part = -1}, delayed_too = {.part = -1};
static struct walk walk, walk_too;

/* --- starting parts ---------------------------------------------------------------- */

static int input_of(int part)
{
    const struct part *p = &parts[part];
    int ends[2];
    if (p->pipes) {
        if (pipe2(ends, O_CLOEXEC) == -1)
            err(BROKEN, "pipe");
        in_of[part] = ends[1];
        give(part, p->input);
        return ends[0];
    }
    if (!p->input)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int in = memfd_create("input", MFD_CLOEXEC);
    if (write(in, p->input, strlen(p->input)) == -1 || lseek(in, 0, 0) == -1)
        err(BROKEN, "input");
    return in;
}

/* Where two processes write to it at once, no line is to be lost. */
static int appended(const char *name)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd == -1 || fcntl(fd, F_SETFL, O_APPEND) == -1)
        err(BROKEN, "%s", name);
    return fd;
}

/* A terminal for its stdout: what it writes is to be read from terminal_of[PART]. No
   byte is changed on the way. */
static int terminal_for(int part)
{
    struct termios raw;
    const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1 || grantpt(fd) == -1 || unlockpt(fd) == -1)
        no_verdict(CANNOT, "the check needs a terminal, pts(4): %s",
                   strerror(errno));
    const int other = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other == -1 || tcgetattr(other, &raw) == -1)
        no_verdict(CANNOT, "the check needs a terminal, pts(4): %s",
                   strerror(errno));
    cfmakeraw(&raw);
    tcsetattr(other, TCSANOW, &raw);
    terminal_of[part] = fd;
    return other;
}

/* A pipe for its stdout, which is read like a terminal. */
static int pipe_for(int part)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == -1 ||
        fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1)
        err(BROKEN, "pipe");
    terminal_of[part] = ends[0];
    return ends[1];
}

void give(int part, const char *text)
{
    signal(SIGPIPE, SIG_IGN); /* it may have ended */
    if (write(in_of[part], text, strlen(text)) == -1 && errno != EPIPE)
        err(BROKEN, "input");
    signal(SIGPIPE, SIG_DFL); /* as in those that we start */
}

static int count_words(const struct part *p, char **argv)
{
    int n = 1;
    for (int i = 0; i < MAX_WORDS && p->words[i]; i++, n++)
        if (argv)
            argv[n] = (char *)(uintptr_t)p->words[i];
    for (int i = 0; p->list && p->list[i]; i++, n++)
        if (argv)
            argv[n] = (char *)(uintptr_t)p->list[i];
    return n;
}

static void start_part(int part)
{
    const struct part *p = &parts[part];
    char **argv = calloc((size_t)count_words(p, NULL) + 1, sizeof *argv);
    if (!argv)
        err(BROKEN, "malloc");
    argv[0] = (char *)(uintptr_t)program;
    count_words(p, argv);
    const int in = input_of(part);
    out_of[part] = appended("output");
    log_of[part] = appended("log");
    const int terminal = p->terminal ? terminal_for(part)
                         : p->pipes  ? pipe_for(part)
                                     : -1;
    if (p->folder && mkdir(p->folder, 0777) == -1 && errno != EEXIST)
        err(BROKEN, "%s", p->folder);
    struct process *a = launch(
        part, argv, in, terminal == -1 ? out_of[part] : terminal, log_of[part]);
    a->held = (part == delayed.part && delayed.child == 0) ||
              (part == delayed_too.part && delayed_too.child == 0);
    close(in);
    if (terminal != -1)
        close(terminal);
    free(argv);
}

const char *run_after(struct part part)
{
    if (many_parts == MAX_PARTS)
        errx(BROKEN, "too many parts");
    parts[many_parts++] = part;
    start_part(many_parts - 1);
    quiesce(true);
    return printed(many_parts - 1);
}

/* All others may go on, and who is not there yet, comes. */
static void start_others(void)
{
    ahead = false;
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part != delayed.part ||
            processes[i].child != delayed.child)
            processes[i].held = false;
    for (int i = 0; i < many_parts; i++)
        if (!process_of(i, 0) && (!scenario->alone || i == delayed.part))
            start_part(i);
}

/* --- the delayed process ----------------------------------------------------------- */

/* Its first instant is before its first step. */
static enum moved move(struct process *a, bool born)
{
    if (!born) {
        walk.reached++;
        return INSTANT;
    }
    if (a->state != STOPPED)
        return STUCK;
    if (scenario->solo)
        hold_others(true);
    enum moved moved = next_instant(&walk, a);
    if (scenario->solo)
        hold_others(false);
    return moved;
}

/* Bring the delayed process to its Nth instant. False: it has less. */
static bool reach_instant(int n, bool again)
{
    int stuck = 0, waits = 0;
    bool born = false;
    begin_walk(&walk, n, again);
    while (stuck < STUCK_AT_MOST && !walk.lost) {
        struct process *a = process_of(delayed.part, delayed.child);
        if (!a || (a->state == RUNNING && !born)) {
            quiesce(true); /* its parent is on its way */
            stuck++;
            continue;
        }
        if (a->state == ENDED)
            break;
        enum moved moved = move(a, born);
        born = true;
        if (moved == GONE)
            break;
        if (moved == INSTANT && walk.reached == n && !walk.quickly)
            return true;
        if (moved == STUCK && walk.quickly && a->spins)
            break; /* to step through a loop takes less time */
        if (moved != STUCK)
            stuck = 0;
        else if (!a->spins && a->state == RUNNING && waits < WAITS_AT_MOST)
            waits++;
        else
            stuck++;
        if (moved != CAME_BACK)
            a->calls = 0;
        if (moved == STUCK) { /* it needs the others */
            start_others();
            quiesce(true);
            stuck += a->state == RUNNING; /* it did not wake */
        }
    }
    walk.lost = walk.lost || walk.quickly;
    return false;
}

/* Where does it stand: the places in its own code, the innermost first. fprintf(3)
   to stderr alone has 8 KB of the stack. */
static void note_delay(struct delayed *d, const struct process *a)
{
    enum { CHUNK = 32, CHUNKS = 64 };
    uint64_t stack[CHUNK];
    size_t n = 0;
    d->there = true;
    d->in_call = a->in_call;
    d->call = a->call;
    d->base = a->base > 0x400000 ? a->base : 0;
    memset(d->places, 0, sizeof d->places);
    if (own_code(a, a->ip))
        d->places[n++] = a->ip;
    for (size_t i = 0; i < CHUNKS && n < 8; i++) {
        if (!peek(a, a->sp + i * sizeof stack, stack, sizeof stack))
            return;
        for (size_t j = 0; j < CHUNK && n < 8; j++)
            if (stack[j] > a->text && stack[j] < a->text_end)
                d->places[n++] = stack[j] - 1;
    }
}

/* --- runs -------------------------------------------------------------------------- */

/* All on one processor, which is at leisure now: to wake somebody on another
   one takes ten times as long, and of all only one has something to do. */
static void take_a_processor(void)
{
    static cpu_set_t all;
    if (CPU_COUNT(&all) == 0)
        sched_getaffinity(0, sizeof all, &all);
    sched_setaffinity(0, sizeof all, &all);
    nanosleep(&(struct timespec){.tv_nsec = 1}, NULL);
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET((size_t)sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
}

static void begin_run(const struct scenario *next)
{
    take_a_processor();
    begin_time();
    if (next->prepare) { /* which may run something itself */
        preparing = true;
        next->prepare();
        preparing = false;
    }
    scenario = next;
    for (many_parts = 0;
         many_parts < MAX_PARTS && scenario->parts[many_parts].role;
         many_parts++)
        parts[many_parts] = scenario->parts[many_parts];
}

void end_run(void)
{
    kill_all();
    if (!preparing) {
        remove_made();
        remove_objects();
    }
    for (int i = 0; i < many_parts; i++) {
        if (out_of[i] > 0)
            close(out_of[i]);
        if (log_of[i] > 0)
            close(log_of[i]);
        if (terminal_of[i] > 0)
            close(terminal_of[i]);
        if (in_of[i] > 0)
            close(in_of[i]);
        in_of[i] = out_of[i] = log_of[i] = terminal_of[i] = births[i] = 0;
    }
    delayed = delayed_too = (struct delayed){.part = -1};
}

void run_once(const struct scenario *next)
{
    begin_run(next);
    for (int i = 0; i < many_parts; i++)
        start_part(i);
    quiesce(true);
    scenario->judge();
    end_run();
}

static void start_run(const struct scenario *next, int part, int child,
                      enum order order)
{
    begin_run(next);
    delayed.part = part;
    delayed.child = child;
    ahead = order == DELAYED_ALONE;
    if (order == DELAYED_LAST) {
        for (int i = 0; i < many_parts; i++)
            if (i != part && !scenario->alone)
                start_part(i);
        quiesce(true);
    }
    start_part(part);
}

static void kill_delayed(struct process *a)
{
    a->killed = true;
    kill(a->pid, SIGKILL);
    while (a->state != ENDED)
        wait_for(a);
    quiesce(true);
}

/* The delayed process stands still, and the others go on. */
static void let_others_go(struct process *a)
{
    if (delayed.late) /* its last store is not to be seen yet */
        poke(a, change.at, change.was, change.size);
    start_others();
    quiesce(true);
    if (delayed.late) { /* it arrives, and the process is still away */
        poke(a, change.at, change.is, change.size);
        quiesce(true);
    }
    if (scenario->kill)
        kill_delayed(a);
    if (scenario->while_held)
        scenario->while_held();
}

static void finish_run(void)
{
    for (int i = 0; i < many_processes; i++)
        processes[i].held = false;
    quiesce(true);
    scenario->judge();
    end_run();
}

/* In a part that is `late` an instant after a store is one twice. The others also
   come while the store is on its way: what it wrote was worked out before, and
   lies over theirs afterwards. So n++ loses what they added, even where it is one
   instruction, and not an atomic one. */
int explore(const struct scenario *next, int part, int child, enum order order)
{
    bool late = false; /* the same instant, and its store is late */
    bool straight = true;
    forget_mark();
    for (int n = 1;;) {
        const bool was_late = late;
        start_run(next, part, child, order);
        const bool there = reach_instant(n, false);
        if (there) {
            struct process *a = process_of(part, child);
            instants++;
            note_delay(&delayed, a);
            delayed.late = late && a->stored;
            late = !late && a->stored && parts[part].late && !next->kill;
            let_others_go(a);
        } else {
            start_others();
        }
        finish_run();
        straight = straight && !walk.lost;
        if (walk.surprised || !straight)
            forget_mark();
        if (walk.surprised || walk.lost) /* it is made again */
            late = was_late;
        else if (!there || (next->most > 0 && n >= next->most))
            return there ? n : n - 1;
        else
            n += !late;
    }
}

/* --- two delays -------------------------------------------------------------------- */

enum { MAX_OUTLIVED = 4 };
static struct outlived { /* a place where the second one waits, for this N */
    uint64_t ip;
    int n;
} outlived[MAX_OUTLIVED];
static int many_outlived;

/* The second one waits for the first. The first goes on to its end, and the second
   one stands still as soon as it wakes. Once for each place where it waits: where
   the first was held, N, makes no difference then. False: that has been done. */
static bool outlive_first(const struct process *a, int n)
{
    int i = 0;
    while (i < many_outlived && outlived[i].ip != a->ip)
        i++;
    if (i == MAX_OUTLIVED)
        return false;
    if (i == many_outlived)
        outlived[many_outlived++] = (struct outlived){a->ip, n};
    if (outlived[i].n != n)
        return false;
    process_of(delayed.part, 0)->held = false;
    quiesce(true);
    return a->state == STOPPED;
}

/* Bring the second one to its Mth instant, while the first is held. False: it has
   less, or it waits for the first and has none after that. */
static bool reach_second(int n, int m)
{
    start_part(delayed_too.part);
    if (delayed_too.child > 0)
        quiesce(true); /* its parent is on its way */
    struct process *a = process_of(delayed_too.part, delayed_too.child);
    if (!a)
        return false;
    begin_walk(&walk_too, 0, false);
    walk_too.reached = 1; /* before its first step */
    bool waited = false;
    while (walk_too.reached < m) {
        enum moved moved =
            a->state == STOPPED ? next_instant(&walk_too, a) : STUCK;
        if (moved == GONE || a->state == ENDED)
            return false;
        if (moved == STUCK && (waited || !outlive_first(a, n)))
            return false;
        if (moved == STUCK) { /* it has just woken: an instant, too */
            waited = true;
            walk_too.reached++;
        }
        if (moved != CAME_BACK)
            a->calls = 0;
    }
    note_delay(&delayed_too, a);
    return true;
}

/* True: that was a pair, and there may be a next one. */
static bool run_pair(const struct scenario *next, int n, int m,
                     bool *first_there)
{
    struct process *a = NULL;
    bool both = false;
    *first_there = reach_instant(n, true);
    if (*first_there && !process_of(delayed_too.part, 0)) {
        a = process_of(delayed.part, 0);
        note_delay(&delayed, a);
        both = reach_second(n, m);
        a->held = false;
        quiesce(true);
        if (both && next->while_held)
            next->while_held();
    } else {
        delayed_too.part = -1;
        start_others();
    }
    finish_run();
    return both;
}

int explore_two(const struct scenario *next, int first, int second, int child)
{
    int pairs = 0;
    forget_mark();
    many_outlived = 0;
    walk.reduced = walk_too.reduced = walk_too.hurries = true;
    for (int n = 1, m = 1;;) {
        bool there;
        start_run(next, first, 0, DELAYED_FIRST);
        /* After prepare(), which may run something. */
        delayed_too.part = second;
        delayed_too.child = child;
        const bool both = run_pair(next, n, m, &there);
        if (walk.surprised || walk.lost)
            forget_mark();
        if (walk.surprised || walk.lost || walk_too.surprised)
            continue; /* it is made again */
        if (!there)
            break;
        pairs += both;
        instants += both;
        m = both ? m + 1 : 1;
        n += !both;
    }
    walk.reduced = walk_too.reduced = false;
    return pairs;
}

/* --- the check as a whole ---------------------------------------------------------- */

static void stop_check(int signal)
{
    stopped_by = signal;
}

void begin(int argc, char **argv)
{
    if (argc != 2)
        errx(BROKEN, "usage: %s PROGRAM", argv[0]);
#ifdef UNKNOWN_MACHINE
    no_verdict(CANNOT, "the checks do not know this processor");
#endif
    program = realpath(argv[1], NULL);
    if (!program)
        err(BROKEN, "%s", argv[1]);
    setenv("LD_BIND_NOW", "1",
           1); /* no lazy binding between two steps, ld.so(8) */
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    struct sigaction stop = {.sa_handler = stop_check};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    name_objects();
    begin_clock();
}
