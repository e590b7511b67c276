/*
 * report.c - what a check says
 */
#define _GNU_SOURCE
#include "internal.h"
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *program;
const struct scenario *scenario;
int instants;

static void say(const char *format, va_list more)
{
    vprintf(format, more); /* NOLINT(clang-analyzer-valist.Uninitialized) */
}

void no_verdict(int status, const char *format, ...)
{
    va_list more;
    va_start(more, format);
    say(format, more);
    va_end(more);
    putchar('\n');
    fflush(stdout);
    preparing = false;
    end_run();
    _exit(status);
}

static const char *call_name(uint64_t call)
{
    static const struct {
        uint64_t call;
        const char *name;
    } names[] = {
        {SYS_read, "read"},           {SYS_write, "write"},
        {SYS_close, "close"},         {SYS_mmap, "mmap"},
        {SYS_munmap, "munmap"},       {SYS_openat, "open"},
        {SYS_ftruncate, "ftruncate"}, {SYS_fallocate, "fallocate"},
        {SYS_fcntl, "fcntl"},         {SYS_flock, "flock"},
        {SYS_futex, "futex"},         {SYS_clone, "fork"},
        {SYS_wait4, "wait"},          {SYS_exit_group, "exit"},
        {SYS_unlinkat, "unlink"},     {SYS_shmget, "shmget"},
        {SYS_shmat, "shmat"},         {SYS_shmdt, "shmdt"},
        {SYS_shmctl, "shmctl"},       {SYS_semget, "semget"},
        {SYS_semop, "semop"},         {SYS_semtimedop, "semop"},
        {SYS_semctl, "semctl"},
#ifdef SYS_unlink
        {SYS_open, "open"},           {SYS_unlink, "unlink"},
        {SYS_fork, "fork"},
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].call == call)
            return names[i].name;
    return NULL;
}

/* The first line that addr2line(1) says of this place; with no shell between, for
   which the program's path could be more than a path. */
static int line_of(const char *place)
{
    char text[PATH_MAX + 64] = "";
    int answer[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pipe2(answer, O_CLOEXEC) == -1)
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(answer[1], 1);
        dup2(null, 2);
        execlp("addr2line", "addr2line", "-e", program, place, (char *)NULL);
        _exit(127);
    }
    close(answer[1]);
    close(null);
    ssize_t n = 0, more;
    while ((more = read(answer[0], text + n, sizeof text - 1 - (size_t)n)) > 0)
        n += more;
    close(answer[0]);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    const char *colon = strrchr(text, ':');
    return colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}

/* The line of the student's source that this process was at; 0: unknown. */
static int line_of_delay(const struct delayed *d)
{
    int line = 0;
    for (size_t i = 0; i < 8 && line == 0 && d->places[i] != 0; i++) {
        char place[32];
        snprintf(place, sizeof place, "0x%llx",
                 (unsigned long long)(d->places[i] - d->base));
        line = line_of(place);
    }
    return line;
}

static void print_delay(const struct delayed *d)
{
    const char *name = d->in_call ? call_name(d->call) : NULL;
    const int line = line_of_delay(d);
    printf("%s %s ", who(d->part, d->child),
           scenario->kill ? "killed" : "held");
    if (name)
        printf("before %s(2)", name);
    else
        printf(d->in_call ? "before a system call"
               : d->late  ? "in the middle of a store"
                          : "between two steps");
    if (line > 0)
        printf(", line %d", line);
}

const char *who(int part, int child)
{
    return child ? "child" : parts[part].role;
}

/* The verdict is red: the evidence, and where the delayed process was. */
void fail(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    say(format, more);
    va_end(more);
    putchar('\n');
    if (delayed.there) {
        putchar('(');
        print_delay(&delayed);
        if (delayed_too.there) {
            printf("; ");
            print_delay(&delayed_too);
        }
        printf(")\n");
    }
    fflush(stdout);
    preparing = false;
    end_run();
    exit(FAIL);
}

/* TEXT in quotation marks and on one line. There are four places. */
const char *quoted(const char *text)
{
    static char texts[4][200];
    static int next;
    char *place = texts[next++ % 4], *to = place, *end = to + 190;
    *to++ = '"';
    for (; *text && to < end - 4; text++) {
        if (text[0] == '\n' && text[1] == '\0')
            continue; /* the end of the last line */
        if (*text == '\n')
            to += sprintf(to, "\\n");
        else if (iscntrl((unsigned char)*text))
            to += sprintf(to, "\\%03o", (unsigned char)*text);
        else
            *to++ = *text;
    }
    if (*text)
        to += sprintf(to, "...");
    *to++ = '"';
    *to = '\0';
    return place;
}

/* What has come to its terminal since, to the end of what it has printed. */
static void read_terminal(int part)
{
    char text[4096];
    ssize_t n;
    while (terminal_of[part] > 0 &&
           (n = read(terminal_of[part], text, sizeof text)) > 0)
        if (write(out_of[part], text, (size_t)n) != n)
            return;
}

const char *printed(int part)
{
    static char texts[MAX_PARTS][1 << 17];
    read_terminal(part);
    ssize_t n = pread(out_of[part], texts[part], sizeof texts[part] - 1, 0);
    texts[part][n > 0 ? n : 0] = '\0';
    return texts[part];
}

/* The part itself, or one of its children. */
struct process *process_of(int part, int child)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part == part && processes[i].child == child)
            return &processes[i];
    return NULL;
}

/* Has it, and each child of it, ended? */
bool over(int part)
{
    for (int i = 0; i < many_processes; i++)
        if (processes[i].part == part && processes[i].state != ENDED)
            return false;
    return true;
}

static const char *signal_name(int signal)
{
    switch (signal) {
    case SIGBUS:
        return "SIGBUS: beyond the end of the object";
    case SIGSEGV:
        return "SIGSEGV";
    case SIGABRT:
        return "SIGABRT";
    case SIGXCPU:
        return "SIGXCPU: it burnt a processor for a minute";
    }
    return strsignal(signal);
}

/* fail() if anybody goes on forever, or died of a signal that we did not send. */
void all_end_well(void)
{
    for (int i = 0; i < many_processes; i++) {
        const struct process *a = &processes[i];
        if (a->state != ENDED)
            fail("the %s %s forever", who(a->part, a->child),
                 a->spins ? "burns a processor" : "waits");
        if (WIFSIGNALED(a->status) && !a->killed)
            fail("the %s died of %s", who(a->part, a->child),
                 signal_name(WTERMSIG(a->status)));
    }
}

void pass(const char *format, ...)
{
    if (instants == 0)
        no_verdict(BROKEN, "the check has held nobody at any instant");
    va_list more;
    va_start(more, format);
    say(format, more);
    va_end(more);
    printf(", at %d instants\n", instants);
    exit(PASS);
}
