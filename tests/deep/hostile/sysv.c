/*
 * sysv.c - segments and sets for sysv_shm/reader that no sysv_shm/writer made
 *
 *     sysv KEY [FIELD=NUMBER]...
 *     sysv KEY fill COUNT SEED ./sysv_shm/reader -k KEY
 *
 * FIELD is a semaphore's value: owner, ready, unread, busy (1, 1, 1 and 0 if not
 * said); sems, their number, with 0 for none; age; size, the segment's, with 0
 * for none; mode, of both; bytes=N goes into each byte of the segment, and name=N
 * into each of the name. They stay: ipcrm(1). With stay=1 the segment stays
 * attached until SIGTERM, and then the status is 0 if it has not been changed.
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <limits.h>
#include <sys/shm.h>

#include "../../../sysv_shm/student.h"

enum { MOST = 32767 }; /* of a semaphore: semctl(2), ERANGE */

union semun { /* semctl(2): the caller has to declare it */
    unsigned short *array;
    struct semid_ds *buf;
};

static key_t key;
static int set, segment;

static void make_set(int sems, const unsigned short *values, int mode)
{
    static unsigned short all[32000];
    memcpy(all, values, SEMAPHORES * sizeof *values);
    set = semget(key, sems, IPC_CREAT | IPC_EXCL | 0600);
    if (set == -1 || semctl(set, 0, SETALL, (union semun){.array = all}) == -1)
        err(2, "set of %d", sems);
    struct semid_ds ds;
    if (semctl(set, 0, IPC_STAT, (union semun){.buf = &ds}) == -1)
        err(2, "IPC_STAT");
    ds.sem_perm.mode = (unsigned short)mode;
    if (semctl(set, 0, IPC_SET, (union semun){.buf = &ds}) == -1)
        err(2, "IPC_SET");
}

/* Of any size, for SHM_NORESERVE promises no memory. Mapped to be filled. */
static void *make_segment(size_t size, int mode)
{
    segment = shmget(key, size, IPC_CREAT | IPC_EXCL | SHM_NORESERVE | 0600);
    void *bytes = segment == -1 ? NULL : shmat(segment, NULL, 0);
    if (bytes == NULL || bytes == (void *)-1)
        err(2, "segment of %zu", size);
    struct shmid_ds ds;
    if (shmctl(segment, IPC_STAT, &ds) == -1)
        err(2, "IPC_STAT");
    ds.shm_perm.mode = (unsigned short)mode;
    if (shmctl(segment, IPC_SET, &ds) == -1)
        err(2, "IPC_SET");
    return bytes;
}

/* 0, 1, the most, or any. */
static unsigned short any_value(void)
{
    uint32_t n = below(8);
    return (unsigned short)(n < 3 ? 1 : n < 4 ? MOST : n < 5 ? 0 : below(MOST));
}

static void filling(char **command)
{
    unsigned short values[SEMAPHORES] = {1, 1, 1, 0};
    bool whole = below(2); /* all is there but for what is in it */
    if (!whole) {
        for (int i = 0; i < SEMAPHORES; i++)
            values[i] = any_value();
        values[OWNER] = below(4) ? 1 : values[OWNER];
    }
    make_set(SEMAPHORES, values, 0600);
    size_t size = sizeof(struct student);
    if (!whole)
        size = below(2) ? below(100000) + 1 : size - 2 + below(5);
    struct student s;
    any_bytes(&s, sizeof s);
    if (below(2)) /* no NUL */
        for (size_t i = 0; i < sizeof s.name; i++)
            s.name[i] = (char)(s.name[i] == 0 ? 'a' : s.name[i]);
    if (below(8) == 0)
        s.age = below(2) ? INT_MIN : INT_MAX;
    void *bytes = make_segment(size, 0600);
    any_bytes(bytes, size);
    memcpy(bytes, &s, size < sizeof s ? size : sizeof s);

    char text[100], name[sizeof s.name + 1] = {0};
    memcpy(name, s.name, sizeof s.name);
    int length =
        snprintf(text, sizeof text, "student name: %s, age: %d\n", name, s.age);
    reader_start(command);
    bool prints = values[BUSY] < MOST && values[OWNER] == 1 && size >= sizeof s;
    if (values[READY] == 0)
        reader_has_to_wait();
    else
        reader_has_to(!prints || values[UNREAD] == 0, text,
                      prints ? (size_t)length : 0);
    shmdt(bytes);
    shmctl(segment, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID);
}

/* Attached until SIGTERM. */
static int stay(const void *bytes, const struct student *s)
{
    sigset_t end;
    int number;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, NULL);
    fprintf(stderr, "attached\n");
    sigwait(&end, &number);
    return memcmp(bytes, s, sizeof *s) != 0;
}

int main(int argc, char **argv)
{
    key = student_key(argv[1]);
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    long long owner = 1, ready = 1, unread = 1, busy = 0, stays = 0;
    long long sems = SEMAPHORES, mode = 0600, size = sizeof(struct student), n;
    struct student s = {"hello", 20};
    for (char **a = argv + 2; *a != NULL; a++) {
        if (field(*a, "bytes", &n))
            memset(&s, (int)n, sizeof s);
        else if (field(*a, "name", &n))
            memset(s.name, (int)n, sizeof s.name);
        else if (field(*a, "age", &n))
            s.age = (int)n;
        else if (!field(*a, "owner", &owner) && !field(*a, "ready", &ready) &&
                 !field(*a, "unread", &unread) && !field(*a, "busy", &busy) &&
                 !field(*a, "sems", &sems) && !field(*a, "mode", &mode) &&
                 !field(*a, "size", &size) && !field(*a, "stay", &stays))
            errx(2, "what is %s?", *a);
    }
    unsigned short values[SEMAPHORES];
    values[OWNER] = (unsigned short)owner;
    values[READY] = (unsigned short)ready;
    values[UNREAD] = (unsigned short)unread;
    values[BUSY] = (unsigned short)busy;
    if (sems > 0)
        make_set((int)sems, values, (int)mode);
    if (size == 0)
        return 0;
    void *bytes = make_segment((size_t)size, (int)mode);
    memcpy(bytes, &s, (size_t)size < sizeof s ? (size_t)size : sizeof s);
    return stays ? stay(bytes, &s) : 0;
}
