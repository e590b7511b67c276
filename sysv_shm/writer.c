/*
 * writer - leave a student in System V shared memory             (lesson 8)
 *
 * A System V object has no file and no descriptor. It is found by a number
 * that both sides know, its key, and it stays until someone removes it or the
 * machine stops: look at ipcs(1) while this program waits.
 *
 *     terminal 1$ ./sysv_shm/writer
 *     terminal 2$ ./sysv_shm/reader
 *     student name: hello, age: 20
 *
 * What orders the accesses, and how a death is noticed: student.h. How a
 * writer comes to be the only one: owner.h.
 */
#define _GNU_SOURCE /* semtimedop */
#include <math.h>
#include <signal.h>

#include "owner.h"

static const char usage[] =
    "usage: writer [-k KEY] [-t SECONDS] [NAME AGE]\n"
    "Leave a student (hello 20) for a reader under KEY (from ftok(3)), and wait\n"
    "for it at most SECONDS (for ever).";

static int set = -1, segment = -1;

/* 6. Remove both, on every way out but a death by a signal; the set first, for
   a reader that finds no segment looks there whether its writer is gone. An id,
   unlike a name, never leads to what another process made. */
static void remove_both(void)
{
    semctl(set, 0, IPC_RMID);
    shmctl(segment, IPC_RMID, NULL); /* -1, not made yet: EINVAL */
}

int main(int argc, char **argv)
{
    struct student student = {"hello", 20};
    const char *k = NULL;
    double timeout = HUGE_VAL; /* for ever */
    char *end;
    int option;
    while ((option = getopt(argc, argv, "+hk:t:")) != -1) {
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
    if (argc - optind == 2) {
        size_t length = strlen(argv[optind]);
        if (length >= sizeof student.name)
            errx(2, "NAME has %zu bytes, and %zu are the most\n%s", length,
                 sizeof student.name - 1, usage);
        memcpy(student.name, argv[optind], length + 1);
        long age = strtol(argv[optind + 1], &end, 10);
        if (end == argv[optind + 1] || *end != '\0' || age < 0 || age > AGE_MAX)
            errx(2, "AGE is a whole number from 0 to %d\n%s", AGE_MAX, usage);
        student.age = (int)age;
    } else if (argc != optind) {
        errx(2, "NAME and AGE, or neither\n%s", usage);
    }
    key_t key = student_key(k);
    if (key == -1 && k != NULL)
        errx(2, "KEY is a number from 1, decimal or 0x\n%s", usage);
    if (key == -1)
        err(1, "ftok sysv_shm (start me at the top of the checkout)");

    /* Ctrl-C and SIGTERM do not interrupt us, they wait until we ask. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a limit is an error, no death that */
    signal(SIGPIPE, SIG_IGN); /* leaves things behind */

    /* 1. Create the set, new and ours alone. */
    set = owner_create(key);
    atexit(remove_both);

    /* 2. Create the segment, new, with its size. One that is there without an
       owner beside it is a dead run's. */
    while ((segment = shmget(key, sizeof student,
                             IPC_CREAT | IPC_EXCL | 0600)) == -1) {
        int old = errno == EEXIST ? student_segment(key) : -1;
        if (old != -1)
            shmctl(old, IPC_RMID, NULL);
        else if (errno != ENOENT)
            err(1, "segment of key 0x%x (see ipcs -m and ipcs -l)", key);
    }

    /* 3. Map it: attach, in the language of System V. */
    struct student *shared = shmat(segment, NULL, 0);
    if (shared == (void *)-1)
        err(1, "shmat");

    /* 4. Use it. */
    *shared = student;
    struct sembuf post = {WRITTEN, 1, SEM_UNDO};
    if (semop(set, &post, 1) == -1)
        err(1, "semop WRITTEN");
    fprintf(stderr,
            "writer[%d]: segment %d, set %d, key 0x%x: waiting for a reader\n",
            getpid(), segment, set, key);
    double limit = student_now() + timeout;
    for (;;) {
        /* Asked in this order, and before the last look: see student.h. */
        bool dead = semctl(set, WRITTEN, GETVAL) == 0 &&
                    semctl(set, READER, GETVAL) == 0;
        struct sembuf take = {TAKEN, -1, 0};
        const struct timespec tick = {.tv_nsec = dead ? 0 : 50000000};
        if (semtimedop(set, &take, 1, &tick) == 0)
            break;
        if (errno != EAGAIN && errno != EINTR)
            err(1, "the semaphores are gone");
        if (dead && errno == EAGAIN)
            errx(1, "the reader is gone, and has not read it");
        bool late = student_now() >= limit;
        if (!late && sigtimedwait(&stop, NULL, &(struct timespec){0}) == -1)
            continue;
        /* To end, take it back: then no reader has it, nor can any more. */
        struct sembuf back = {WRITTEN, -1, IPC_NOWAIT};
        if (semop(set, &back, 1) == -1)
            errx(1, "%s, with a reader at work", late ? "late" : "interrupted");
        errx(late ? 1 : 0, late ? "no reader in time" : "interrupted");
    }
    fprintf(stderr, "writer[%d]: a reader has taken it\n", getpid());

    /* 5. Unmap it: detach. */
    if (shmdt(shared) == -1)
        err(1, "shmdt");
    return 0; /* 6. and remove_both */
}
