/*
 * student.h - what writer and reader agree on
 *
 * Two System V objects under one key: a shared memory segment with a struct
 * student in it, and a set of four semaphores beside it. Linux makes a set
 * with all four at 0 (semget(2), NOTES), and 0 is where each of ours starts:
 * there is no moment at which the set is there and not yet initialised.
 *
 * What orders what: the writer fills in the student and then posts WRITTEN;
 * the reader takes WRITTEN, reads, and posts TAKEN; then the writer removes
 * both objects. A semop(2) that waited sees all that came before the one it
 * waited for (POSIX XBD, "Memory Synchronization", names semop).
 *
 * Who is alive: OWNER, WRITTEN and READER are raised with SEM_UNDO, so the
 * kernel takes them back when the process ends, however it ends (semop(2)):
 *   - OWNER is 1 while a writer lives: the right to make, remove and write.
 *   - WRITTEN goes back to 0 with a writer that dies: no reader can take what
 *     a dead run left. (When the reader has taken it, it is 0 already, and
 *     Linux does not go below: semop(2), BUGS.)
 *   - READER is 1 while a reader lives. It comes up in the same semop(2) in
 *     which WRITTEN goes down, so WRITTEN 0 and READER 0, in this order, mean
 *     that a reader came and is no more.
 * tests/deep/models/student.pml takes each of these away, and finds what breaks.
 */
#ifndef STUDENT_H
#define STUDENT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

enum { OWNER, WRITTEN, READER, TAKEN, SEMAPHORES };

enum { AGE_MAX = 150 };
struct student {
    char name[32]; /* with a NUL; by the writer, before it posts WRITTEN */
    int age;       /* years, 0 to AGE_MAX; likewise */
};

/* The key: that of -k, decimal or 0x as ipcs(1) prints it; without -k that of
   the checkout, whose folder sysv_shm stays one inode. -1 when -k is no key,
   or ftok(3) found no folder. 0 is no key but IPC_PRIVATE: shmget(2). */
static inline key_t student_key(const char *k)
{
    if (k == NULL)
        return ftok("sysv_shm", 'S');
    char *end;
    errno = EINVAL;
    long long key = strtoll(k, &end, strncmp(k, "0x", 2) == 0 ? 16 : 10);
    if (end == k || *end != '\0' || key < 1 || key > 0xfffffffe)
        return -1;
    return (key_t)key;
}

static inline double student_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* semctl(2): "the calling program must define this union". */
union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

/* The set under this key, or -1. ENOENT: there is none, or no more. EACCES: it
   is another user's. EINVAL: it is not of this pair, which has four. */
static inline int student_set(key_t key)
{
    struct semid_ds ds = {0};
    int id = semget(key, SEMAPHORES, 0600);
    if (id == -1)
        return -1;
    if (semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}) == -1)
        errno = errno == EACCES ? EACCES : ENOENT;
    else if (ds.sem_perm.uid != geteuid())
        errno = EACCES;
    else if (ds.sem_nsems != SEMAPHORES)
        errno = EINVAL;
    else
        return id;
    return -1;
}

/* The segment under this key, likewise. EINVAL: it has not our size. */
static inline int student_segment(key_t key)
{
    struct shmid_ds ds = {0};
    int id = shmget(key, 0, 0600);
    if (id == -1)
        return -1;
    if (shmctl(id, IPC_STAT, &ds) == -1)
        errno = errno == EACCES ? EACCES : ENOENT;
    else if (ds.shm_perm.uid != geteuid())
        errno = EACCES;
    else if (ds.shm_segsz != sizeof(struct student))
        errno = EINVAL;
    else
        return id;
    return -1;
}

#endif
