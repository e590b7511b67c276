/*
 * objects.c - the names of a check's objects, and what a run has left
 */
#define _GNU_SOURCE
#include "internal.h"
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool preparing;
static char tag[32]; /* is in the name of each object of this check */

static struct made {
    char
        kind; /* 'm': segment, 's': set, 'q': queue; 'p': POSIX queue, 'f': file */
    int id;
    char path[200];
} made[256];
static int many_made;
static time_t began;

static void note_made(char kind, int64_t id, const char *path)
{
    struct made new = {.kind = kind, .id = (int)id};
    snprintf(new.path, sizeof new.path, "%s", path);
    for (int i = 0; i < many_made; i++)
        if (made[i].kind == kind &&
            made[i].id == new.id &&strcmp(made[i].path, path) == 0)
            return;
    if (many_made < (int)(sizeof made / sizeof made[0]))
        made[many_made++] = new;
}

static const char shm[] = "/dev/shm/";

/* The argument that names what its call would make; 0: it makes nothing. A file in
   /dev/shm that it opens may be made by another process meanwhile. */
static uint64_t new_name(const struct process *a, bool *in_shm_only)
{
    *in_shm_only = false;
    switch (a->call) {
    case SYS_openat:
        *in_shm_only = !(a->args[2] & O_CREAT);
        return a->args[1];
    case SYS_linkat:
    case SYS_renameat2:
        return a->args[3];
    case SYS_symlinkat:
        return a->args[2];
    case SYS_mkdirat:
    case SYS_mknodat:
        return a->args[1];
#ifdef SYS_open
    case SYS_open:
        *in_shm_only = !(a->args[1] & O_CREAT);
        return a->args[0];
    case SYS_creat:
    case SYS_mkdir:
    case SYS_mknod:
        return a->args[0];
    case SYS_link:
    case SYS_rename:
    case SYS_symlink:
        return a->args[1];
#endif
    }
    return 0;
}

static void peek_path(const struct process *a, uint64_t at, char *path,
                      size_t size)
{
    size_t i = 0;
    while (i < size - 1 && peek(a, at + i, path + i, 1) && path[i] != '\0')
        i++;
    path[i] = '\0';
}

/* Is it about to make a file that is not there yet, by a whole path? What has a
   relative one lies in the check's own folder. */
void note_path(const struct process *a)
{
    char path[sizeof made[0].path];
    bool in_shm_only;
    const uint64_t at = new_name(a, &in_shm_only);
    if (at == 0)
        return;
    peek_path(a, at, path, sizeof path);
    const bool in_shm = strncmp(path, shm, sizeof shm - 1) == 0;
    if (path[0] == '/' && (in_shm || !in_shm_only) && access(path, F_OK) == -1)
        note_made('f', 0, path);
}

/* The call of an object without a path has succeeded. */
void note_object(const struct process *a, int64_t result)
{
    char name[sizeof made[0].path];
    switch (a->call) {
    case SYS_shmget:
        note_made('m', result, "");
        break;
    case SYS_semget:
        note_made('s', result, "");
        break;
    case SYS_msgget:
        note_made('q', result, "");
        break;
    case SYS_mq_open:
        peek_path(a, a->args[0], name, sizeof name);
        note_made('p', 0, name);
        break;
    }
}

/* What came into being while we looked, and is ours. */
static bool is_ours(const struct ipc_perm *perm, time_t since)
{
    return perm->cuid == geteuid() && since >= began;
}

static bool queue_is_there(const char *name)
{
    struct stat st;
    int fd = (int)syscall(SYS_mq_open, name, O_RDONLY | O_CLOEXEC, 0, NULL);
    bool ours = fd != -1 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
                st.st_ctime >= began;
    if (fd != -1)
        close(fd);
    return ours;
}

static bool still_there(const struct made *m)
{
    struct shmid_ds segment = {0};
    struct semid_ds set = {0};
    struct msqid_ds queue = {0};
    union {
        struct semid_ds *buf;
    } arg = {&set};
    switch (m->kind) {
    case 'f':
        return access(m->path, F_OK) == 0;
    case 'p':
        return queue_is_there(m->path);
    case 'm':
        return shmctl(m->id, IPC_STAT, &segment) == 0 &&
               is_ours(&segment.shm_perm, segment.shm_ctime);
    case 'q':
        return msgctl(m->id, IPC_STAT, &queue) == 0 &&
               is_ours(&queue.msg_perm, queue.msg_ctime);
    }
    return semctl(m->id, 0, IPC_STAT, arg) == 0 &&
           is_ours(&set.sem_perm, set.sem_ctime);
}

/* Of files only those in /dev/shm: the tasks speak of no others. */
const char *left_behind(void)
{
    for (int i = 0; i < many_made; i++) {
        const struct made *m = &made[i];
        if (!still_there(m))
            continue;
        if (m->kind == 'm')
            return "a segment stays in ipcs";
        if (m->kind == 's')
            return "a semaphore set stays in ipcs";
        if (m->kind == 'q')
            return "a message queue stays in ipcs";
        if (m->kind == 'p')
            return "a POSIX message queue stays";
        if (strncmp(m->path, shm, sizeof shm - 1) == 0)
            return "an object stays in /dev/shm";
    }
    return NULL;
}

static void remove_one(const struct made *m)
{
    if (m->kind == 'f')
        remove(m->path);
    else if (m->kind == 'p')
        syscall(SYS_mq_unlink, m->path);
    else if (m->kind == 'm')
        shmctl(m->id, IPC_RMID, NULL);
    else if (m->kind == 'q')
        msgctl(m->id, IPC_RMID, NULL);
    else
        semctl(m->id, 0, IPC_RMID);
}

/* The last first: a folder is made before what is in it. */
void remove_made(void)
{
    for (int i = many_made - 1; i >= 0; i--)
        if (still_there(&made[i]))
            remove_one(&made[i]);
    many_made = 0;
}

unsigned any(unsigned below)
{
    unsigned number;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        err(BROKEN, "getrandom");
    return number % below;
}

void name_objects(void)
{
    snprintf(tag, sizeof tag, "lab.%d.", (int)getpid());
    began = time(NULL);
}

/* The name of a POSIX object for this check alone; what the student's program
   makes of it ("sem.NAME", "NAME.lock") is removed at the end of each run. */
const char *object(const char *what)
{
    static char names[4][64];
    static int next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof names[0], "/%s%s", tag, what);
    return name;
}

/* A file in /dev/shm that is ours, or NULL. */
const char *left_over(void)
{
    static char name[NAME_MAX + 1];
    DIR *all = opendir("/dev/shm");
    struct dirent *one = NULL;
    while (all && (one = readdir(all)) && !strstr(one->d_name, tag))
        continue;
    snprintf(name, sizeof name, "%s", one ? one->d_name : "");
    if (all)
        closedir(all);
    return one ? name : NULL;
}

void remove_objects(void)
{
    const char *name;
    char path[NAME_MAX + 16];
    do {
        name = left_over();
        snprintf(path, sizeof path, "/dev/shm/%s", name ? name : "");
    } while (name && unlink(path) == 0);
}
