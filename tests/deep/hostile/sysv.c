/*
 * sysv.c - segments and sets for sysv_shm/reader that no sysv_shm/writer made
 *
 *     sysv KEY [FIELD=NUMBER]...
 *     sysv KEY fill COUNT SEED ./sysv_shm/reader -k KEY -t 1
 *
 * FIELD is a semaphore's value: owner, written, reader, taken (1, 1, 0 and 0
 * if not said); sems, their number; age; size, the segment's, with 0 for none;
 * mode, of both; bytes=N goes into each byte of the segment, and name=N into
 * each of the name. They stay: ipcrm(1).
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <limits.h>

#include "../../../sysv_shm/student.h"

enum { MOST = 32767 }; /* of a semaphore: semctl(2), ERANGE */

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

static void filling(char **command)
{
    unsigned short values[SEMAPHORES] = {0};
    values[OWNER] = (unsigned short)below(MOST + 1);
    bool whole = below(8); /* all is there but for what is in it */
    if (!whole) {
        values[READER] = (unsigned short)(below(2) ? MOST : below(MOST + 1));
        values[TAKEN] = (unsigned short)(below(2) ? MOST : below(MOST + 1));
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

    /* Raised as a writer raises them. */
    struct sembuf post = {WRITTEN, 1, SEM_UNDO};
    if (semop(set, &post, 1) == -1)
        err(2, "semop");
    char text[100], name[sizeof s.name + 1] = {0};
    memcpy(name, s.name, sizeof s.name);
    int length =
        snprintf(text, sizeof text, "student name: %s, age: %d\n", name, s.age);
    bool prints = values[READER] < MOST && size == sizeof s;
    reader_start(command);
    reader_has_to(!prints || values[TAKEN] == MOST, text,
                  prints ? (size_t)length : 0);
    shmdt(bytes);
    shmctl(segment, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID);
}

int main(int argc, char **argv)
{
    key = student_key(argv[1]);
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    long long owner = 1, written = 1, taken = 0, met = 0;
    long long sems = SEMAPHORES, mode = 0600, size = sizeof(struct student), n;
    struct student s = {"hello", 20};
    for (char **a = argv + 2; *a != NULL; a++) {
        if (field(*a, "bytes", &n))
            memset(&s, (int)n, sizeof s);
        else if (field(*a, "name", &n))
            memset(s.name, (int)n, sizeof s.name);
        else if (field(*a, "age", &n))
            s.age = (int)n;
        else if (!field(*a, "owner", &owner) && !field(*a, "taken", &taken) &&
                 !field(*a, "written", &written) &&
                 !field(*a, "reader", &met) && !field(*a, "sems", &sems) &&
                 !field(*a, "mode", &mode) && !field(*a, "size", &size))
            errx(2, "what is %s?", *a);
    }
    unsigned short values[SEMAPHORES];
    values[OWNER] = (unsigned short)owner;
    values[WRITTEN] = (unsigned short)written;
    values[READER] = (unsigned short)met;
    values[TAKEN] = (unsigned short)taken;
    if (sems > 0)
        make_set((int)sems, values, (int)mode);
    if (size > 0)
        memcpy(make_segment((size_t)size, (int)mode), &s,
               (size_t)size < sizeof s ? (size_t)size : sizeof s);
    return 0;
}
