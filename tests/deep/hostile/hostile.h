/*
 * hostile.h - what the helpers of tests/deep/hostile.sh share
 *
 * A helper makes an object that no writer of ours made:
 *
 *     helper OBJECT [FIELD=NUMBER]...         as told
 *     helper OBJECT fill COUNT SEED READER... COUNT random ones, and a run of
 *                                             READER beside each
 *
 * What is random comes from a seed, the next filling's is one more: with COUNT
 * 1 and the seed of the filling that failed, it comes again. READER has to end in
 * 3 s (T_PATIENCE times that), with 0 or 1, by no signal, with no word from a
 * sanitizer; what it has to print, each helper knows. Where there is nothing to
 * read, it has to wait.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <err.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 3000, PRINTED_MAX = 1 << 24 };

static unsigned long long seed, step; /* of this filling; drawn from it */

/* splitmix64 */
static inline uint64_t any(void)
{
    uint64_t z = (seed << 32) + ++step * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline uint32_t below(uint32_t n)
{
    return (uint32_t)(any() % n);
}

static inline void any_bytes(void *p, size_t size)
{
    for (unsigned char *b = p; size > 0; size--)
        *b++ = (unsigned char)any();
}

static pid_t reader;
static FILE *out, *story; /* its stdout and stderr */

/* This filling failed: which one, how, and what the reader said. */
static inline void __attribute__((noreturn, format(printf, 1, 2)))
wrong(const char *how, ...)
{
    va_list arguments;
    printf("SEED=%llu FILLINGS=1: ", seed);
    va_start(arguments, how);
    vprintf(how, arguments);
    va_end(arguments);
    printf("; it said:\n");
    rewind(story);
    for (int c; (c = getc(story)) != EOF;)
        putchar(c);
    exit(1);
}

static inline int64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t limit; /* when it has to have ended */

static inline void reader_start(char **command)
{
    static sigset_t ended;
    if (out == NULL) {
        out = tmpfile(), story = tmpfile();
        if (out == NULL || story == NULL)
            err(2, "tmpfile");
        sigemptyset(&ended);
        sigaddset(&ended, SIGCHLD);
        sigprocmask(SIG_BLOCK, &ended, NULL);
    }
    for (int i = 0; i < 2; i++) {
        rewind(i == 0 ? out : story);
        if (ftruncate(fileno(i == 0 ? out : story), 0) == -1)
            err(2, "ftruncate");
    }
    const char *patience = getenv("T_PATIENCE");
    limit = milliseconds() + LIMIT_MS * (patience ? atoi(patience) : 1);
    reader = fork();
    if (reader == -1)
        err(2, "fork");
    if (reader == 0) {
        const struct rlimit most = {PRINTED_MAX, PRINTED_MAX};
        setrlimit(RLIMIT_FSIZE, &most); /* if it printed for ever */
        sigprocmask(SIG_UNBLOCK, &ended, NULL);
        dup2(fileno(out), 1);
        dup2(fileno(story), 2);
        execv(command[0], command);
        err(127, "%s", command[0]);
    }
}

/* Does it end in as many milliseconds? Then *status is how. */
static inline bool reader_ends(int wait_ms, int *status)
{
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    const struct timespec t = {.tv_sec = wait_ms / 1000,
                               .tv_nsec = wait_ms % 1000 * 1000000L};
    if (waitpid(reader, status, WNOHANG) == reader)
        return true;
    sigtimedwait(&ended, NULL, &t);
    if (waitpid(reader, status, WNOHANG) == reader)
        return true;
    if (milliseconds() < limit)
        return false;
    kill(reader, SIGKILL);
    waitpid(reader, status, 0);
    wrong("does not end");
}

/* It ended so: was that right, as far as it is the same for all? Then the
   status, and what it printed: *size bytes, in a buffer of our own. */
static inline int reader_ended(int status, const char **text, size_t *size)
{
    static char words[65536], printed[PRINTED_MAX + 1];
    rewind(story);
    words[fread(words, 1, sizeof words - 1, story)] = '\0';
    if (WIFSIGNALED(status))
        wrong("died of signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) > 1)
        wrong("status %d", WEXITSTATUS(status));
    if (strstr(words, "Sanitizer") || strstr(words, "runtime error"))
        wrong("a sanitizer spoke");
    rewind(out);
    *size = fread(printed, 1, sizeof printed, out);
    *text = printed;
    return WEXITSTATUS(status);
}

/* It has to end with this status, after it printed just this. */
static inline void reader_has_to(int status, const char *text, size_t size)
{
    const char *printed;
    size_t length;
    int got;
    while (!reader_ends(LIMIT_MS, &got))
        ;
    got = reader_ended(got, &printed, &length);
    if (got != status)
        wrong("status %d and not %d", got, status);
    if (length != size || memcmp(printed, text, size) != 0)
        wrong("printed %zu bytes, not those %zu it had to", length, size);
}

/* It has to wait, and to print nothing for 100 ms after its first word. */
static inline void reader_has_to_wait(void)
{
    int status, waits = 0;
    while (waits < 10) {
        if (reader_ends(10, &status))
            wrong("ended, and did not wait");
        struct stat told;
        waits += fstat(fileno(story), &told) == 0 && told.st_size > 0;
    }
    kill(reader, SIGKILL);
    waitpid(reader, &status, 0);
    if (fseek(out, 0, SEEK_END) == -1 || ftell(out) != 0)
        wrong("printed what is no text");
}

/* Is this argument FIELD=NUMBER? */
static inline bool field(const char *argument, const char *name, long long *n)
{
    size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || argument[length] != '=')
        return false;
    char *end;
    *n = strtoll(argument + length + 1, &end, 0);
    if (end == argument + length + 1 || *end != '\0')
        errx(2, "%s: no number", argument);
    return true;
}

/* helper OBJECT fill COUNT SEED READER...: command is READER. */
static inline void fillings(int argc, char **argv, void (*filling)(char **))
{
    if (argc < 6)
        errx(2, "OBJECT fill COUNT SEED READER...");
    long long n = strtoll(argv[3], NULL, 10);
    for (seed = strtoull(argv[4], NULL, 10); n > 0; n--, seed++) {
        step = 0;
        filling(argv + 5);
    }
    printf("%s fillings, the last had SEED=%llu\n", argv[3], seed - 1);
}

#endif
