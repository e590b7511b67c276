/*
 * reader - the tutorial's reader: it does not wait               (lesson 3.1)
 *
 * If there is no segment yet, it fails. Otherwise it prints what is in there:
 * a student, half of one, none yet, or "quit" over the one before.
 *
 *     terminal 1$ timeout 9 ./sysv_shm/naive/writer
 *     terminal 2$ ./sysv_shm/naive/reader; ./sysv_shm/naive/reader
 *     student name: hello, age: 20
 *     student name: quito, age: 20
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
    /* 1. Open the segment that has this key. */
    key_t key = (key_t)(0x12340000 + geteuid()); /* the tutorial's: 1234 */
    int segment = shmget(key, 0, 0);
    if (segment == -1)
        err(1, "shmget, key 0x%x", key);

    /* 2. Attach it. */
    struct student *shared = (struct student *)shmat(segment, NULL, 0);
    if (shared == (void *)-1)
        err(1, "shmat, segment %d", segment);

    /* 3. Read. Then write "quit" over the name. */
    printf("student name: %s, age: %d\n", shared->name, shared->age);
    memcpy(shared->name, "quit", 4);

    /* 4. Detach it. The writer removes it. */
    shmdt(shared);
    return 0;
}
