/*
 * owner.h - how a writer gets a key for itself
 *
 * OWNER of the set (student.h) is 1 while a writer lives: it is raised with
 * SEM_UNDO, and the kernel takes it back when the process ends, however it
 * ends. Looked at and raised in one semop(2), which is atomic: of two writers
 * one gets it. Who gets that of a set it has not made, has found a dead run's.
 *
 * tests/deep/models/student.pml takes each of these away, and finds what breaks.
 */
#ifndef OWNER_H
#define OWNER_H

#include <err.h>
#include <stdbool.h>
#include <stdio.h>

#include "student.h"

/* Create the set, new, and OWNER ours. */
static inline int owner_create(key_t key)
{
    for (;;) {
        int set = semget(key, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600);
        bool mine = set != -1;
        if (!mine && errno == EEXIST)
            set = student_set(key);
        struct sembuf own[] = {{OWNER, 0, IPC_NOWAIT}, {OWNER, 1, SEM_UNDO}};
        if (set != -1 && semop(set, own, 2) == 0) {
            if (mine)
                return set;
            fprintf(stderr, "writer[%d]: removing key 0x%x of a dead run\n",
                    getpid(), key);
            semctl(set, 0, IPC_RMID);
        } else if (errno == EAGAIN) {
            errx(1, "another writer has key 0x%x", key);
        } else if (errno != ENOENT && errno != EIDRM &&
                   (set == -1 || errno != EINVAL)) { /* else it has just gone */
            warn("semaphores of key 0x%x (see ipcs -s and ipcs -l)", key);
            if (mine)
                semctl(set, 0, IPC_RMID); /* made, but not to be had */
            exit(1);
        }
    }
}

#endif
