/*
 * writer - leave a student in System V shared memory             (lesson 3.1)
 *
 *     terminal 1$ ./sysv_shm/writer
 *     terminal 2$ ./sysv_shm/reader
 *     student name: hello, age: 20
 *
 * A System V object has no path and no descriptor. Both sides know its key, and
 * it stays until someone removes it: see ipcs(1) while this program waits. What
 * orders the accesses: student.h.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>

#include "student.h"

static int set = -1, segment = -1; /* ours to remove */

static void clean_up(void)
{
    shmctl(segment, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID); /* last, for OWNER keeps other writers out */
}

static void stop(int number)
{
    clean_up(); /* on Linux two system calls, which a handler may make */
    signal(number, SIG_DFL);
    raise(number);
}

int main(int argc, char **argv)
{
    struct student student = {"hello", 20};
    const char *k = NULL;
    char rest;
    int o;
    while ((o = getopt(argc, argv, "+k:")) == 'k')
        k = optarg;
    int ok = o == -1 && argc == optind;
    if (o == -1 && argc == optind + 2) {
        ok = sscanf(argv[optind + 1], "%3d%c", &student.age, &rest) == 1 &&
             student.age >= 0 && strlen(argv[optind]) < sizeof student.name;
        strncpy(student.name, argv[optind], sizeof student.name - 1);
    }
    if (!ok)
        errx(2, "usage: writer [-k KEY] [NAME AGE] (at most 31 bytes, 999)");
    key_t key = student_key(k);

    /* If a signal ends us, remove both objects. It has to wait for step 4. */
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    for (const int *s = (int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0}; *s; s++)
        if (signal(*s, stop) == SIG_IGN)
            signal(*s, SIG_IGN);
    atexit(clean_up);

    /* 1. Be the owner. Of several writers, semop(2) lets one through. */
    int id;
    struct sembuf own[] = {
        {OWNER, 0, IPC_NOWAIT}, {BUSY, 0, IPC_NOWAIT}, {OWNER, 1, SEM_UNDO}};
    while ((id = student_set(key, IPC_CREAT)) == -1 || semop(id, own, 3) == -1)
        if (errno != EIDRM && errno != EINVAL) /* it was not just removed */
            err(1, "key 0x%x (in use by another writer?)", key);
    set = id;

    /* 2. Create the segment and attach it, or use one that a dead writer left. */
    struct shmid_ds ds = {0};
    int made = shmget(key, sizeof student, IPC_CREAT | IPC_EXCL | 0600);
    id = made != -1 ? made : shmget(key, sizeof student, IPC_CREAT | 0600);
    struct student *shared = id == -1 ? (void *)-1 : shmat(id, NULL, 0);
    if (shared == (void *)-1 || shmctl(id, IPC_STAT, &ds) == -1)
        err(1, "segment of key 0x%x (see ipcs -m)", key);
    if (ds.shm_perm.uid != geteuid() || ds.shm_segsz != sizeof student ||
        (ds.shm_nattch != 1 && made == -1)) /* a late reader may have ours */
        errx(1, "segment %d, key 0x%x, is not ours: see ipcs -m", id, key);
    segment = id;

    /* 3. Use it. Then a reader may take it. */
    *shared = student;
    struct sembuf post[] = {{READY, 1, SEM_UNDO}, {UNREAD, 1, SEM_UNDO}};
    if (semop(set, post, 2) == -1)
        err(1, "semop on set %d", set);
    fprintf(stderr, "writer[%d]: key 0x%x, segment %d: waiting for a reader\n",
            getpid(), key, segment);

    /* 4. Wait until a reader came, and is done or dead. Then clean up. */
    sigprocmask(SIG_SETMASK, &before, NULL);
    struct sembuf wait[] = {{READY, 0, 0}, {BUSY, 0, 0}};
    while (semop(set, wait, 2) == -1)
        if (errno != EINTR)
            err(1, "semop on set %d (was it removed?)", set);
    if (semctl(set, UNREAD, GETVAL) != 0)
        errx(1, "the reader has died before it had read");
    return shmdt(shared);
}
