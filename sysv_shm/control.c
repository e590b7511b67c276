/*
 * control - look at a segment, change its mode, remove it       (lesson 10)
 *
 * What a killed program has left stays until someone removes it. ipcs(1) lists
 * the ids of the segments; shmctl(2) does the rest.
 *
 *     $ ./sysv_shm/control stat 5
 *     shm_perm.__key  0x53000021                its key; 0: it has none
 *     ...
 */
#define _GNU_SOURCE /* SHM_INFO, SHM_STAT_ANY */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: control stat ID | mode ID OCTAL | remove ID\n"
    "Say all about segment ID, set its mode (0 to 777), or remove it.";

/* A number from 0 to max: of digits, and of nothing else. */
static int number(const char *text, int base, int max)
{
    const char *digits = base == 8 ? "01234567" : "0123456789";
    long long value = strtoll(text, NULL, base);
    if (text[0] == '\0' || text[strspn(text, digits)] != '\0' || value > max)
        errx(2, "%s is no number from 0 to %s\n%s", text,
             base == 8 ? "777, octal" : "2147483647", usage);
    return (int)value;
}

/* shmctl(2). If it fails: what, on which segment, what can be done, and why. */
static void control(const char *what, int id, int command, struct shmid_ds *ds)
{
    if (shmctl(id, command, ds) == -1)
        err(1, "%s segment %d (%s)", what, id,
            errno == EACCES  ? "its mode keeps you out: ask its owner, or root"
            : errno == EPERM ? "only its owner, its creator or root may"
                             : "ipcs -m lists those that there are");
}

/* IPC_STAT, also where the mode denies it to the owner, who may set and remove
   it all the same. SHM_STAT_ANY, by index, asks for no permission. */
static bool look(int id, struct shmid_ds *ds)
{
    struct shm_info info;
    bool found = shmctl(id, IPC_STAT, ds) == 0;
    int last = found ? -1 : shmctl(0, SHM_INFO, (void *)&info);
    for (int i = 0; !found && i <= last; i++)
        found = shmctl(i, SHM_STAT_ANY, ds) == id;
    return found;
}

static const char *words(time_t t) /* 0 is none */
{
    static char said[40];
    bool ever = t != 0 && strftime(said, sizeof said, "%c", localtime(&t)) > 0;
    return ever ? said : "never";
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
    signal(SIGXFSZ, SIG_IGN); /* stdout at its limit is EFBIG, no death */
    int option = getopt(argc, argv, "+h");
    if (option != -1) {
        if (fprintf(option == 'h' ? stdout : stderr, "%s\n", usage) < 0 ||
            fflush(stdout) == EOF)
            err(1, "write to stdout");
        return option == 'h' ? 0 : 2;
    }
    const char *what = optind < argc ? argv[optind++] : "";
    bool stat = strcmp(what, "stat") == 0, mode = strcmp(what, "mode") == 0;
    bool removal = strcmp(what, "remove") == 0;
    if (!(stat || mode || removal) || argc - optind != 1 + mode)
        errx(2, "stat ID, mode ID OCTAL, or remove ID\n%s", usage);
    int id = number(argv[optind], 10, INT_MAX);
    unsigned octal = mode ? (unsigned)number(argv[optind + 1], 8, 0777) : 0;
    struct shmid_ds ds = {0};
    if (stat) {
        control("stat", id, IPC_STAT, &ds);
        print(&ds);
    } else if (mode) {
        if (!look(id, &ds)) /* uid and gid are set too, and shall stay */
            control("stat", id, IPC_STAT, &ds);
        ds.shm_perm.mode = octal;
        control("set the mode of", id, IPC_SET, &ds);
    } else {
        control("remove", id, IPC_RMID, NULL);
        fprintf(stderr, "control[%d]: segment %d %s\n", getpid(), id,
                look(id, &ds) ? "goes with its last attachment" : "is removed");
    }
    return 0;
}
