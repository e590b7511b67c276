/*
 * reader - take a student from System V shared memory            (lesson 3.1)
 *
 *     terminal 1$ ./sysv_shm/reader
 *     terminal 2$ ./sysv_shm/writer "somebody else" 42
 *     terminal 1: student name: somebody else, age: 42
 *
 * It removes nothing, and what it holds is a semaphore, which the kernel takes
 * back. To wait for a set it sleeps for a moment, again and again. That orders
 * nothing; what does: student.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/shm.h>

#include "student.h"

int main(int argc, char **argv)
{
    const char *k = NULL;
    int o;
    while ((o = getopt(argc, argv, "k:")) == 'k')
        k = optarg;
    if (o != -1 || optind < argc)
        errx(2, "usage: reader [-k KEY]");
    key_t key = student_key(k);
    fprintf(stderr, "reader[%d]: waiting for key 0x%x\n", getpid(), key);

    /* 1. Wait for a set, and in it for a student. One reader gets it. */
    struct sembuf take[] = {{READY, -1, 0}, {BUSY, 1, SEM_UNDO}};
    int set;
    while ((set = student_set(key, 0)) == -1 || semop(set, take, 2) == -1)
        if (set != -1 && errno != EINTR && errno != EIDRM && errno != EINVAL)
            err(1, "semop on set %d", set);
        else
            usleep(5000);

    /* 2. Attach the segment to read. While BUSY is 1, no other writer can start.
       So if our writer is still alive, this is its segment. */
    int segment = shmget(key, sizeof(struct student), 0);
    const struct student *shared = shmat(segment, NULL, SHM_RDONLY);
    if (semctl(set, OWNER, GETVAL) != 1)
        errx(1, "the writer of key 0x%x has died", key);
    if (shared == (void *)-1)
        err(1, "segment of key 0x%x (see ipcs -m)", key);

    /* 3. Use it. The precision ends a name that has no NUL. */
    printf("student name: %.*s, age: %d\n", (int)sizeof shared->name,
           shared->name, shared->age);
    if (fflush(stdout) == EOF || ferror(stdout))
        err(1, "write to stdout");

    /* 4. Detach it, and say that it is read. */
    shmdt(shared);
    struct sembuf done[] = {{UNREAD, -1, IPC_NOWAIT}, {BUSY, -1, SEM_UNDO}};
    if (semop(set, done, 2) == -1)
        errx(1, "the writer of key 0x%x has died", key);
    return 0;
}
