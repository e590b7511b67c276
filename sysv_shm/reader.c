/*
 * reader - take a student from System V shared memory            (lesson 8)
 *
 * The other half of writer: it finds both objects by their key, takes the
 * student, and removes nothing.
 *
 *     terminal 1$ ./sysv_shm/reader
 *     terminal 2$ ./sysv_shm/writer "somebody else" 42
 *     terminal 1: student name: somebody else, age: 42
 *
 * What orders the accesses, and how a death is noticed: student.h.
 */
#define _GNU_SOURCE /* semtimedop */
#include <err.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "student.h"

static const char usage[] =
    "usage: reader [-k KEY] [-t SECONDS]\n"
    "Print the student that a writer leaves under KEY (from ftok(3)). Wait for\n"
    "it at most SECONDS (for ever).";

/* Ctrl-C and SIGTERM: there is nothing to clean up. It is no failure as long
   as no writer counts on us. */
static volatile sig_atomic_t met;
static void quit(int number)
{
    (void)number;
    _exit(met);
}

int main(int argc, char **argv)
{
    const char *k = NULL;
    double timeout = HUGE_VAL; /* for ever */
    int option;
    while ((option = getopt(argc, argv, "hk:t:")) != -1) {
        char *end;
        switch (option) {
        case 'k':
            k = optarg;
            break;
        case 't':
            timeout = strtod(optarg, &end);
            if (end == optarg || *end != '\0' ||
                !(timeout >= 0 && timeout <= 1e6))
                errx(2, "SECONDS is a number from 0 to 1000000\n%s", usage);
            break;
        default:
            if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
                fflush(stdout) == EOF)
                err(1, "write to stdout");
            return option == 'h' ? 0 : 2;
        }
    }
    if (optind < argc)
        errx(2, "what is %s?\n%s", argv[optind], usage);
    key_t key = student_key(k);
    if (key == -1 && k != NULL)
        errx(2, "KEY is a number from 1, decimal or 0x\n%s", usage);
    if (key == -1)
        err(1, "ftok sysv_shm (start me at the top of the checkout)");

    signal(SIGINT, quit);
    signal(SIGTERM, quit);
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */

    /* 1. Open the set, as soon as there is one, and take the student: of two
       readers one, and only while the writer lives. */
    int set;
    double limit = student_now() + timeout;
    for (bool told = false;; told = true) {
        const struct timespec tick = {.tv_nsec = 50000000};
        struct sembuf take[] = {{WRITTEN, -1, 0}, {READER, 1, SEM_UNDO}};
        set = student_set(key);
        if (set != -1 && semtimedop(set, take, 2, &tick) == 0)
            break;
        if (set == -1 ? errno != ENOENT
                      : errno != EAGAIN && errno != EINTR && errno != EIDRM &&
                            errno != EINVAL) /* else it has just gone */
            err(1, "semaphores of key 0x%x (see ipcs -s)", key);
        if (set != -1 && semctl(set, READER, GETVAL) > 0)
            errx(1, "another reader has the student of key 0x%x", key);
        if (student_now() >= limit)
            errx(1, "no writer came to key 0x%x in time", key);
        if (!told)
            fprintf(stderr, "reader[%d]: waiting for a writer at key 0x%x\n",
                    getpid(), key);
        if (set == -1)
            nanosleep(&tick, NULL);
    }
    met = 1;
    fprintf(stderr, "reader[%d]: met a writer at key 0x%x\n", getpid(), key);

    /* 2. Open the segment: it has its size. 3. Map it, to read only. */
    int segment = student_segment(key);
    const struct student *shared =
        segment == -1 ? (void *)-1 : shmat(segment, NULL, SHM_RDONLY);
    /* When a writer dies, the next one removes its set first, and makes its
       own segment then: while the set is there, the segment is the right one. */
    if (semctl(set, TAKEN, GETVAL) == -1)
        errx(1, "the writer is gone");
    if (shared == (void *)-1)
        err(1, "segment of key 0x%x (see ipcs -m)", key);

    /* 4. Use it. The precision ends a name that has no NUL. */
    if (printf("student name: %.*s, age: %d\n", (int)sizeof shared->name,
               shared->name, shared->age) < 0 ||
        fflush(stdout) == EOF)
        err(1, "write to stdout");
    struct sembuf post = {TAKEN, 1, 0};
    if (semop(set, &post, 1) == -1)
        err(1, "the writer is gone");

    /* 5. Unmap it. The writer removes it. */
    if (shmdt(shared) == -1)
        err(1, "shmdt");
    return 0;
}
