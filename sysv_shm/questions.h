/*
 * questions.h - how the questions programs ask, do, and compare
 *
 * An experiment is one function: it does the thing, and says with saw() what
 * happened. The table beside it says what is to happen; where the two differ,
 * the program says so and ends with 1. What may kill a process is done in a
 * child: in_child(), touch().
 *
 *     static void moved(void)
 *     {
 *         saw("munmap: %s", result(munmap(p + 1, 4096)));
 *     }
 *     ... {"May p move?", "munmap(p + 1, 4096);", "munmap: EINVAL", moved, ...}
 *
 * Expected is only how a line begins: what follows may be as it likes on this
 * machine, such as an address.
 *
 * The three programs share this file, as the two of a pair share theirs.
 */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct experiment {
    const char *question;
    const char *code;     /* the line in question */
    const char *expected; /* how each line of saw() begins, \n between them */
    void (*run)(void);
    const char *why;  /* a sentence or two, and the man page */
    const char *text; /* what the tutorial text says, where it is wrong */
};

static char seen[4096];      /* what the experiment at hand has said */
static const char *left_out; /* or why it could not be done */

/* What was observed: a line of it. */
__attribute__((format(printf, 1, 2))) static void saw(const char *format, ...)
{
    size_t used = strlen(seen);
    va_list list;
    va_start(list, format);
    vsnprintf(seen + used, sizeof seen - used - 1, format, list);
    va_end(list);
    strcat(seen, "\n");
}

/* This experiment cannot be done here, and says why. */
static inline void skip(const char *why)
{
    left_out = why;
}

/* What a call returned: "0", or its error by name and in words. */
static inline const char *result(long value)
{
    static char said[2][80]; /* two of them may stand in one line */
    static int turn;
    static const struct {
        int error;
        const char *name;
    } names[] = {
        {EACCES, "EACCES"}, {EBADF, "EBADF"},   {EEXIST, "EEXIST"},
        {EFBIG, "EFBIG"},   {EIDRM, "EIDRM"},   {EINVAL, "EINVAL"},
        {EISDIR, "EISDIR"}, {ELOOP, "ELOOP"},   {ENAMETOOLONG, "ENAMETOOLONG"},
        {ENODEV, "ENODEV"}, {ENOENT, "ENOENT"}, {ENOMEM, "ENOMEM"},
        {ENOSPC, "ENOSPC"}, {ENXIO, "ENXIO"},   {EPERM, "EPERM"},
        {EROFS, "EROFS"},   {0, "an error"},
    };
    if (value != -1)
        return "0";
    size_t i = 0;
    while (names[i].error != 0 && names[i].error != errno)
        i++;
    turn = !turn;
    snprintf(said[turn], sizeof said[turn], "%s %s", names[i].name,
             strerror(errno));
    return said[turn];
}

/* The same of a call that returns an address: mmap(2), shmat(2). */
static inline const char *mapped(const void *address)
{
    return address == (void *)-1 ? result(-1) : "an address";
}

/* How a child ended: "0", "1", "SIGBUS", "SIGSEGV". */
static inline const char *ended(pid_t child)
{
    static char said[20];
    int status;
    while (waitpid(child, &status, 0) == -1)
        if (errno != EINTR)
            err(1, "waitpid");
    if (WIFEXITED(status))
        snprintf(said, sizeof said, "%d", WEXITSTATUS(status));
    else
        snprintf(said, sizeof said, "%s",
                 WTERMSIG(status) == SIGBUS    ? "SIGBUS"
                 : WTERMSIG(status) == SIGSEGV ? "SIGSEGV"
                                               : "another signal");
    return said;
}

/* fork(2), but what stdio holds is printed by one of the two alone. */
static inline pid_t child(void)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == -1)
        err(1, "fork");
    return pid;
}

/* Where a child faulted: in memory that it shares with its parent. */
static const void *volatile *fault;
static inline void remember(int number, siginfo_t *info, void *context)
{
    (void)context;
    *fault = info->si_addr; /* then the access faults again, and kills */
    signal(number, SIG_DFL);
}

/* Read the byte p[at], or write x there, in a child: "read", "written", "SIGBUS
   in page 1, at byte 4096". */
static inline const char *touch(char *p, long at, bool write)
{
    static char said[80];
    pid_t pid = child();
    if (pid == 0) {
        struct sigaction action = {.sa_sigaction = remember,
                                   .sa_flags = SA_SIGINFO};
        sigaction(SIGBUS, &action, NULL);
        sigaction(SIGSEGV, &action, NULL);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0}); /* and no core file */
        volatile char *byte = p + at;
        if (write)
            *byte = 'x';
        else
            (void)*byte;
        _exit(0);
    }
    const char *how = ended(pid);
    long page = sysconf(_SC_PAGESIZE), byte = (long)((const char *)*fault - p);
    if (how[0] != 'S')
        snprintf(said, sizeof said, write ? "written" : "read");
    else
        snprintf(said, sizeof said, "%s in page %ld, at byte %ld", how,
                 byte / page, byte);
    return said;
}

/* Does each line of what was seen begin as is expected, and is there no other?
 */
static inline bool as_expected(const char *expected)
{
    const char *line = seen;
    for (;;) {
        size_t length = strcspn(expected, "\n");
        if (strncmp(line, expected, length) != 0 || strchr(line, '\n') == NULL)
            return false;
        line = strchr(line, '\n') + 1;
        if (expected[length] == '\0')
            return *line == '\0';
        expected += length + 1;
    }
}

/* Print text, a line of it behind what stands in front, in this colour. What is
   longer than a terminal is wide is broken at a blank. */
static inline void print(const char *front, const char *text,
                         const char *colour)
{
    bool plain = getenv("NO_COLOR") != NULL || !isatty(STDOUT_FILENO);
    enum { WIDTH = 66 };
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > WIDTH) {
            length = WIDTH;
            while (length > 1 && text[length] != ' ')
                length--;
        }
        printf("    %-10s%s%.*s%s\n", front, plain ? "" : colour, (int)length,
               text, plain ? "" : "\033[0m");
        text += length + (text[length] != '\0');
        front = "";
    }
}

/* Do this experiment, and say what it asked, saw and taught. */
static inline bool experiment(int number, const struct experiment *e)
{
    seen[0] = '\0';
    left_out = NULL;
    e->run();
    bool good = left_out != NULL || as_expected(e->expected);
    printf("%2d. %s\n", number, e->question);
    print("code", e->code, "\033[36m");
    if (left_out != NULL)
        print("skipped", left_out, "\033[33m");
    else
        print("observed", seen, good ? "\033[32m" : "\033[31m");
    if (!good)
        print("EXPECTED", e->expected, "\033[31m");
    if (e->text != NULL)
        print("the text", e->text, "\033[33m");
    print("why", e->why, "");
    putchar('\n');
    return good;
}

/* The program: all experiments, or those whose numbers it is given. */
struct subject {
    const struct experiment *experiments;
    size_t count;
};
#define SUBJECT(array)                        \
    {                                         \
        array, sizeof array / sizeof array[0] \
    }

static inline int ask(int argc, char **argv, const char *usage,
                      const struct subject *subjects, size_t count)
{
    int total = 0, differ = 0;
    /* Now, and not in a hole that an experiment makes. */
    fault = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fault == MAP_FAILED)
        err(1, "mmap");
    for (size_t i = 0; i < count; i++)
        total += (int)subjects[i].count;
    int option = getopt(argc, argv, "h");
    if (option != -1) {
        if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
            fflush(stdout) == EOF)
            err(1, "write to stdout");
        return option == 'h' ? 0 : 2;
    }
    for (int i = optind; i < argc; i++) { /* before anything is done */
        char *end;
        long number = strtol(argv[i], &end, 10);
        if (end == argv[i] || *end != '\0' || number < 1 || number > total)
            errx(2, "NUMBER is from 1 to %d\n%s", total, usage);
    }
    /* What we print must not end in a file of an experiment. */
    if (fcntl(1, F_GETFD) == -1 || fcntl(2, F_GETFD) == -1)
        err(1, "stdout or stderr is closed");
    for (int i = optind; i < (argc > optind ? argc : optind + 1); i++) {
        int number = 0, wanted = argc > optind ? atoi(argv[i]) : 0;
        for (size_t s = 0; s < count; s++)
            for (size_t e = 0; e < subjects[s].count; e++)
                if (++number == wanted || wanted == 0)
                    differ += !experiment(number, &subjects[s].experiments[e]);
    }
    if (fflush(stdout) == EOF || ferror(stdout))
        err(1, "write to stdout");
    if (differ > 0)
        warnx("%d not as expected", differ);
    return differ > 0;
}

#endif
