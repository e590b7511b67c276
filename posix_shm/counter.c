/*
 * counter - several processes add to one total                   (lesson 2.4)
 *
 *     $ ./posix_shm/counter & ./posix_shm/counter & wait
 *
 * A robust mutex lets one process in at a time. If that process is killed, the
 * next one gets EOWNERDEAD, pthread_mutexattr_setrobust(3), and repairs the total.
 */
#define _GNU_SOURCE
#include "counter.h"

static void stop(int number)
{
    counter_stopped = number;
}

static void die(void)
{
    signal(counter_stopped, SIG_DFL);
    raise(counter_stopped);
}

static long long sum(const struct counter *c)
{
    long long all = 0;
    for (int i = 0; i < c->rows && i < COUNTER_ROWS; i++)
        all += c->added[i];
    return all;
}

static void lock(struct counter *c)
{
    errno = counter_lock(c);
    if (errno == EOWNERDEAD) {
        c->total = sum(c);
        errno = pthread_mutex_consistent(&c->mutex);
    }
    if (errno == ETIMEDOUT) { /* told to end while another has the mutex */
        counter_close();
        die();
    }
    if (errno != 0)
        err(1, "pthread_mutex_lock");
}

int main(int argc, char **argv)
{
    char rest;
    long long count = 1000000;
    if (argc > 2 ||
        (argc == 2 && sscanf(argv[1], "%18lld%c", &count, &rest) != 1))
        errx(2, "usage: counter [COUNT]");
    struct sigaction was, on = {.sa_handler = stop, .sa_flags = SA_RESTART};
    for (const int *s = (int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0}; *s; s++)
        if (sigaction(*s, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            sigaction(*s, &on, NULL);

    /* 1. Open the object and take a row. */
    struct counter *c = counter_open();
    lock(c);
    if (c->rows >= COUNTER_ROWS)
        errx(1, "%s has no row left", counter_name);
    long long *mine = &c->added[c->rows++];
    pthread_mutex_unlock(&c->mutex);

    /* 2. Count. A kill between the two additions leaves the total 1 too small. */
    for (long long n = 0; n < count && counter_stopped == 0; n++) {
        lock(c);
        ++*mine;
        c->total++;
        pthread_mutex_unlock(&c->mutex);
    }

    /* 3. Leave. The last one removes the object. */
    lock(c);
    long long added = *mine, total = c->total, all = sum(c);
    pthread_mutex_unlock(&c->mutex);
    counter_close();
    printf("added %lld, all rows %lld, total %lld\n", added, all, total);
    if (fflush(stdout) == EOF || ferror(stdout))
        err(1, "write to stdout");
    if (counter_stopped != 0)
        die();
    return total != all;
}
