/*
 * question.h - what the experiments share: one question, one program each
 *
 *     question(3, "May the offset be 1000?");
 *     CODE(p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 1000));
 *     expect("EINVAL", address(p));
 *     return why("A mapping starts where a page of the file starts.");
 *
 * CODE prints a statement and runs it. CHILD runs it in a child process, which
 * it may kill. ended waits for the child and names the signal. expect prints
 * what was observed, and compares its first words with what was expected. why
 * prints the reason, and returns 1 if anything was not as expected.
 */
#ifndef QUESTION_H
#define QUESTION_H

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each is two statements: put braces around it after if, for and while. */
#define CODE(...)                  \
    say("code", #__VA_ARGS__ ";"); \
    __VA_ARGS__
#define CHILD(...)                       \
    say("in a child", #__VA_ARGS__ ";"); \
    if (fork() == 0) {                   \
        __VA_ARGS__;                     \
        _exit(unexpected);               \
    }

static int unexpected; /* 1 if something was not as expected */

/* Print a text after a label. Begin a new line after a semicolon, and where a
   line would be longer than 80 bytes. */
static inline void say(const char *label, const char *text)
{
    do {
        size_t length = strcspn(text, ";");
        length += text[length] == ';';
        if (length > 65)
            for (length = 65; length > 1 && text[length] != ' ';)
                length--;
        printf("    %-11s%.*s\n", label, (int)length, text);
        label = "";
        text += length;
        text += *text == ' ';
    } while (*text != '\0');
    if (fflush(stdout) == EOF)
        err(1, "write to stdout");
}

static inline void question(int number, const char *asked)
{
    /* Whatever our parent or a sanitizer did with these signals. */
    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    int bold = isatty(1) && getenv("NO_COLOR") == NULL;
    printf(bold ? "\033[1m%2d. %s\033[0m\n" : "%2d. %s\n", number, asked);
    if (fflush(stdout) == EOF)
        err(1, "write to stdout");
}

static inline void expect(const char *expected, const char *observed)
{
    size_t n = strlen(expected);
    say("observed", observed);
    if (strncmp(observed, expected, n) == 0 && strchr(" ", observed[n]))
        return;
    say("EXPECTED", expected);
    unexpected = 1;
}

static inline int why(const char *reason)
{
    say("why", reason);
    return unexpected;
}

/* Instead of why, where this machine cannot do the experiment. */
static inline int skip(const char *reason)
{
    say("skipped:", reason);
    return unexpected;
}

#define NAME(constant) [constant] = #constant

/* What a call returned: a number, or the name of its error. */
static inline const char *result(long value)
{
    static const char *const names[200] = {
        NAME(EACCES), NAME(EAGAIN), NAME(EBADF),       NAME(EBUSY),
        NAME(EEXIST), NAME(EFBIG),  NAME(EIDRM),       NAME(EINVAL),
        NAME(ELOOP),  NAME(ENODEV), NAME(ENOENT),      NAME(ENOMEM),
        NAME(ENOSPC), NAME(EPERM),  NAME(ENAMETOOLONG)};
    static char text[80];
    const char *name = errno < 200 ? names[errno] : NULL;
    if (value != -1)
        snprintf(text, sizeof text, "%ld", value);
    else
        snprintf(text, sizeof text, "%s %s", name ? name : "", strerror(errno));
    return text;
}

/* The same for mmap(2) and shmat(2), which return an address. */
static inline const char *address(const void *p)
{
    return p == (void *)-1 ? result(-1) : "an address";
}

/* Wait for the child. Which signal killed it? */
static inline const char *ended(void)
{
    static const char *const names[128] = {NAME(SIGBUS), NAME(SIGKILL),
                                           NAME(SIGSEGV), NAME(SIGXFSZ)};
    int status;
    if (wait(&status) == -1)
        err(1, "wait");
    if (WIFEXITED(status)) {
        unexpected |= WEXITSTATUS(status) != 0;
        return "no signal";
    }
    const char *name = names[WTERMSIG(status)];
    return name ? name : "another signal";
}

/* A new file with this text. It has no name in any folder, so it is gone when
   the program ends; until then, this path leads to it. */
static inline const char *file_with(const char *text)
{
    static char path[40];
    static FILE *file; /* static, because it stays open */
    file = tmpfile();
    if (file == NULL || fputs(text, file) == EOF || fflush(file) == EOF)
        err(1, "make a file in /tmp");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    return path;
}

#endif
