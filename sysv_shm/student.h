/*
 * student.h - what writer and reader agree on                    (lesson 3.1)
 *
 * Under one key there are a segment with a student and a set of semaphores:
 *
 *     OWNER   1 while a writer is alive
 *     READY   1 while a student is there to take
 *     UNREAD  1 until a reader has read it
 *     BUSY    1 while the reader lives that has taken it
 *
 * All start at 0, semget(2), and are raised with SEM_UNDO: when a process ends,
 * the kernel lowers what it has raised. READY goes down in the same semop(2) in
 * which BUSY goes up. Both 0: a reader came, and is done, or dead: UNREAD is 1.
 */
#ifndef STUDENT_H
#define STUDENT_H

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <unistd.h>

struct student {   /* the writer, before it raises READY */
    char name[32]; /* ends with a NUL */
    int age;       /* years */
};

enum { OWNER, READY, UNREAD, BUSY, SEMAPHORES };

/* The key: that of -k, or else that of the folder sysv_shm of this checkout. */
static inline key_t student_key(const char *k)
{
    char *end = NULL;
    long long key = k ? strtoll(k, &end, 0) : ftok("sysv_shm", 'S');
    if (k == NULL && key == -1)
        err(1, "ftok sysv_shm (start me in the top folder)");
    if (k != NULL && (*end != '\0' || key < 1 || key > 0xfffffffe))
        errx(2, "KEY is a number from 1 to 0xfffffffe");
    return (key_t)key;
}

/* The set, or -1 if there is none. FLAGS: 0, or IPC_CREAT. */
static inline int student_set(key_t key, int flags)
{
    struct semid_ds ds = {0};
    union {
        struct semid_ds *buf; /* semctl(2): we have to declare this union */
    } status = {&ds};
    int set = semget(key, SEMAPHORES, flags | 0600);
    if (set == -1 && errno != ENOENT)
        err(1, "set of key 0x%x (see ipcs -s; -k: another key)", key);
    if (set == -1 || semctl(set, 0, IPC_STAT, status) == -1)
        return -1; /* none, or just removed */
    if (ds.sem_perm.uid != geteuid() || ds.sem_nsems != SEMAPHORES)
        errx(1, "set %d, key 0x%x, is not of this pair: see ipcs -s", set, key);
    return set;
}

#endif
