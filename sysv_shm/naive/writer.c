/*
 * writer - the tutorial's writer: it waits in a loop             (lesson 3.1)
 *
 * It looks at the name until it begins with "quit", which the reader writes.
 * A compiler knows of no other process: with -O2 it looks once, and the loop
 * never ends. If the writer is killed, its segment stays, open to all: 0666.
 *
 *     terminal 1$ timeout 9 ./sysv_shm/naive/writer
 *     terminal 2$ ./sysv_shm/naive/reader
 *     student name: hello, age: 20
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

struct student {
    char name[32];
    int age;
};

int main(void)
{
    /* 1. Create the segment, or open the one that has this key. */
    key_t key = (key_t)(0x12340000 + geteuid()); /* the tutorial's: 1234 */
    int segment = shmget(key, sizeof(struct student), IPC_CREAT | 0666);
    if (segment == -1)
        err(1, "shmget, key 0x%x", key);

    /* 2. Attach it. */
    struct student *shared = (struct student *)shmat(segment, NULL, 0);
    if (shared == (void *)-1)
        err(1, "shmat, segment %d", segment);

    /* 3. Write. Then wait until the reader has written "quit". */
    strcpy(shared->name, "hello");
    shared->age = 20;
    fprintf(stderr, "writer: waiting for quit\n");
    for (;;)
        if (strncmp(shared->name, "quit", 4) == 0)
            break;

    /* 4. Detach it and remove it. */
    shmdt(shared);
    shmctl(segment, IPC_RMID, NULL);
    return 0;
}
