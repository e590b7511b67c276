/*
 * seqlock - the sequence lock of mmap/seqlock.h, and many readers
 *
 *     seqlock READERS SECONDS
 *
 * A writer writes text after text and never rests, each reader takes one look
 * after another, for SECONDS. Prints the looks a second of all readers, the
 * updates a second, and for one look how often a reader had to copy again.
 *
 *     $ ./seqlock 2 0.2
 *     2345678 12345678 0.12
 */
#define _GNU_SOURCE
#include <sched.h>

#include "../../mmap/seqlock.h"

#include "bench.h"

enum { LETTERS = 40, READERS_MAX = 64 };

struct shared {
    struct seqlock lesson;
    _Alignas(128) _Atomic int go; /* 1: start, 2: end */
    struct {
        _Alignas(128) unsigned long looks, retries;
    } reader[READERS_MAX];
};

/* How often a copy was in vain is counted in *retries. */
static bool look_once(struct shared *s, char *text, unsigned long *retries)
{
    for (unsigned long tries = 1; atomic_load(&s->go) == 1; tries++) {
        if (read_text(&s->lesson, text))
            return true;
        ++*retries;
        if (tries % 256 == 0)
            sched_yield();
    }
    return false;
}

static void look(struct shared *s, int number)
{
    char text[TEXT_SIZE];
    unsigned long looks = 0, retries = 0;
    while (atomic_load(&s->go) == 0)
        sched_yield();
    while (atomic_load(&s->go) == 1) {
        if (!look_once(s, text, &retries))
            continue;
        looks++;
        if (memchr(text, '\0', LETTERS + 1) != text + LETTERS ||
            memcmp(text, text + 1, LETTERS - 1) != 0)
            errx(1, "a torn text");
    }
    s->reader[number].looks = looks;
    s->reader[number].retries = retries;
}

int main(int argc, char **argv)
{
    bench_start();
    int readers = argc == 3 ? atoi(argv[1]) : 0;
    if (readers < 1 || readers > READERS_MAX)
        errx(2, "usage: seqlock READERS SECONDS");
    const double seconds = strtod(argv[2], NULL);
    struct shared *s = bench_share(sizeof *s);

    /* Always the same letter: nine long texts to choose from. */
    char texts[9][LETTERS + 1] = {{0}};
    for (int i = 0; i < 9; i++)
        memset(texts[i], '1' + i, LETTERS);
    atomic_store(&s->lesson.magic, SEQLOCK_MAGIC);
    write_text(&s->lesson, texts[0]);

    pid_t child[READERS_MAX];
    for (int i = 0; i < readers; i++) {
        child[i] = bench_fork();
        if (child[i] == 0) {
            look(s, i);
            exit(0);
        }
    }
    atomic_store(&s->go, 1);
    double since = bench_now(), now;
    unsigned long updates = 0;
    do {
        for (int i = 0; i < 100; i++)
            write_text(&s->lesson, texts[updates++ % 9]);
        now = bench_now();
    } while (now < since + seconds);
    atomic_store(&s->go, 2);

    unsigned long looks = 0, again = 0;
    for (int i = 0; i < readers; i++) {
        int status;
        if (waitpid(child[i], &status, 0) == -1)
            err(1, "waitpid");
        bench_ended("a reader", status);
        looks += s->reader[i].looks;
        again += s->reader[i].retries;
    }
    printf("%.0f %.0f %.2f\n", (double)looks / (now - since),
           (double)updates / (now - since),
           looks > 0 ? (double)again / (double)looks : 0);
    return 0;
}
