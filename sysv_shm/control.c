/*
 * control - look at a segment, change its mode, remove it       (lesson 3.3)
 *
 * What a killed program has left stays until someone removes it. ipcs(1) lists
 * the ids of the segments; shmctl(2) does the rest.
 *
 *     $ ./sysv_shm/control stat 5
 *     shm_perm.__key  0x53000021                its key; 0: it has none
 *     ...
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

/* shmctl(2). If it fails, say what to do. */
static void control(const char *what, int id, int command, struct shmid_ds *ds)
{
    if (shmctl(id, command, ds) == -1)
        err(1, "%s segment %d (%s)", what, id,
            errno == EACCES  ? "its mode keeps you out: ask its owner, or root"
            : errno == EPERM ? "only its owner, its creator or root may"
                             : "ipcs -m lists those that there are");
}

/* IPC_STAT needs permission to read, which the mode may deny to the owner, who
   may set it all the same. SHM_STAT_ANY, by index, needs none. */
static bool look(int id, struct shmid_ds *ds)
{
    struct shm_info info;
    bool found = shmctl(id, IPC_STAT, ds) == 0;
    int last = found ? -1 : shmctl(0, SHM_INFO, (void *)&info);
    for (int i = 0; !found && i <= last; i++)
        found = shmctl(i, SHM_STAT_ANY, ds) == id;
    return found;
}

static const char *words(time_t t)
{
    static char said[40];
    if (t == 0 || strftime(said, sizeof said, "%c", localtime(&t)) == 0)
        return "never";
    return said;
}

static void print(const struct shmid_ds *ds)
{
    const struct ipc_perm *p = &ds->shm_perm;
    char mode[] = "rwxrwxrwx"; /* as ls(1) shows it */
    for (int bit = 0; bit < 9; bit++)
        if ((p->mode & 0400u >> bit) == 0)
            mode[bit] = '-';
    printf("shm_perm.__key  %-#25x its key; 0: it has none\n", p->__key);
    printf("shm_perm.uid    %-25u its owner\n", p->uid);
    printf("shm_perm.gid    %-25u its group\n", p->gid);
    printf("shm_perm.cuid   %-25u its creator\n", p->cuid);
    printf("shm_perm.cgid   %-25u the creator's group\n", p->cgid);
    printf("shm_perm.mode   %04o %-20s who may\n", p->mode & 0777u, mode);
    if (p->mode & SHM_DEST)
        printf("%15s %-25s goes with the last attachment\n", "", "SHM_DEST");
    if (p->mode & SHM_LOCKED)
        printf("%15s %-25s is not swapped out\n", "", "SHM_LOCKED");
    printf("shm_perm.__seq  %-25d part of the id\n", p->__seq);
    printf("shm_segsz       %-25zu bytes, as asked for\n", ds->shm_segsz);
    printf("shm_atime       %-25s last attached\n", words(ds->shm_atime));
    printf("shm_dtime       %-25s last detached\n", words(ds->shm_dtime));
    printf("shm_ctime       %-25s made, or last set\n", words(ds->shm_ctime));
    printf("shm_cpid        %-25d the process that made it\n", ds->shm_cpid);
    printf("shm_lpid        %-25d last to attach or detach\n", ds->shm_lpid);
    printf("shm_nattch      %-25d attachments\n", (int)ds->shm_nattch);
    if (fflush(stdout) == EOF || ferror(stdout))
        err(1, "write to stdout");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    struct shmid_ds ds;
    unsigned mode = 0;
    long long number = -1;
    char r;
    int ok = argc > 2 && sscanf(argv[2], "%10lld%c", &number, &r) == 1 &&
             number >= 0 && number <= INT_MAX;
    int id = (int)number;

    if (ok && argc == 3 && strcmp(what, "stat") == 0) {
        control("stat", id, IPC_STAT, &ds);
        print(&ds);
        /* IPC_SET sets user and group too. They stay as they are. */
    } else if (ok && argc == 4 && strcmp(what, "mode") == 0 &&
               sscanf(argv[3], "%4o%c", &mode, &r) == 1 && mode <= 0777) {
        if (!look(id, &ds))
            control("stat", id, IPC_STAT, &ds);
        ds.shm_perm.mode = mode;
        control("set the mode of", id, IPC_SET, &ds);
        /* Remove it, or mark it: it goes with its last attachment. */
    } else if (ok && argc == 3 && strcmp(what, "remove") == 0) {
        control("remove", id, IPC_RMID, NULL);
        fprintf(stderr, "control[%d]: segment %d %s\n", getpid(), id,
                look(id, &ds) ? "goes with its last attachment" : "is removed");
    } else
        errx(2, "usage: control stat ID | mode ID OCTAL | remove ID");
    return 0;
}
