/*
 * questions_controlling.h - experiments 10 to 12: shmctl
 */
#ifndef QUESTIONS_CONTROLLING_H
#define QUESTIONS_CONTROLLING_H

static void removed(void)
{
    key_t key = new_key();
    int id = segment(key, page);
    char *p = attach(id);
    saw("IPC_RMID: %s", result(shmctl(id, IPC_RMID, NULL)));
    struct shmid_ds ds = status(id);
    saw("SHM_DEST in its mode: %s", ds.shm_perm.mode & SHM_DEST ? "yes" : "no");
    saw("its key: %d", (int)ds.shm_perm.__key);
    p[0] = 'x';
    saw("p[0] = 'x': %c", p[0]);
    char *second = shmat(id, NULL, 0);
    saw("shmat by the id: %s", mapped(second));
    saw("shmget by the key: %s", got(shmget(key, 0, 0600), id));
    saw("with IPC_CREAT: %s", got(shmget(key, page, IPC_CREAT | 0600), id));
    shmdt(second);
    saw("the last shmdt: %s", result(shmdt(p)));
    saw("IPC_STAT: %s", result(shmctl(id, IPC_STAT, &ds)));
    clear();
}

/* A time of a segment, and a process. */
static const char *when(time_t t)
{
    return t == 0 ? "0" : labs((long)(time(NULL) - t)) < 9 ? "now" : "wrong";
}
static const char *who(pid_t pid)
{
    return pid == 0 ? "0" : pid == getpid() ? "we" : "the child";
}
static void every_field(void)
{
    if (forced())
        return;
    key_t key = new_key();
    int id = segment(key, 100), end;
    struct shmid_ds a = status(id);
    pid_t pid = child_at(&end);
    if (pid == 0) {
        char *p = attach(id);
        say(end);
        hear(end);
        _exit(shmdt(p) == -1);
    }
    hear(end);
    struct shmid_ds b = status(id); /* the child has attached it */
    say(end);
    ended(pid);
    close(end);
    struct shmid_ds c = status(id); /* and has detached it */

    struct ipc_perm *perm = &a.shm_perm;
    bool user = perm->uid == geteuid() && perm->cuid == geteuid();
    bool group = perm->gid == getegid() && perm->cgid == getegid();
    saw("__key: %s", perm->__key == key ? "as asked for" : "another");
    saw("uid, cuid: %s", user ? "ours" : "others'");
    saw("gid, cgid: %s", group ? "ours" : "others'");
    saw("mode: %04o", perm->mode);
    saw("__seq: %d", perm->__seq);
    saw("shm_segsz: %zu", a.shm_segsz);
    saw("shm_cpid: %s", who(a.shm_cpid));
    saw("shm_lpid: %s, %s, %s", who(a.shm_lpid), who(b.shm_lpid),
        c.shm_lpid == pid ? "the child" : "another");
    saw("shm_nattch: %d, %d, %d", (int)a.shm_nattch, (int)b.shm_nattch,
        (int)c.shm_nattch);
    saw("shm_atime: %s, %s, %s", when(a.shm_atime), when(b.shm_atime),
        when(c.shm_atime));
    saw("shm_dtime: %s, %s, %s", when(a.shm_dtime), when(b.shm_dtime),
        when(c.shm_dtime));
    saw("shm_ctime: %s, %s, %s", when(a.shm_ctime), when(b.shm_ctime),
        when(c.shm_ctime));
    clear();
}

/* Root may read what mode 0 forbids, so root does this as another user. */
static bool as_a_user(void)
{
    if (geteuid() != 0 || seteuid(65534) == 0)
        return true;
    skip("root is no other user here: seteuid");
    return false;
}
static void as_before(void)
{
    if (getuid() == 0 && seteuid(0) == -1)
        err(1, "seteuid");
}
static void permissions(void)
{
    if (!as_a_user())
        return;
    int id = segment(IPC_PRIVATE, page);
    char *p = attach(id);
    struct shmid_ds ds = status(id);
    ds.shm_perm.mode = 0400;
    saw("mode 0400: %s", result(shmctl(id, IPC_SET, &ds)));
    saw("attached before, p[0] = 'x': %s", touch(p, 0, true));
    saw("shmat: %s", mapped(shmat(id, NULL, 0)));
    char *second = shmat(id, NULL, SHM_RDONLY);
    saw("shmat, SHM_RDONLY: %s", mapped(second));
    ds.shm_perm.mode = 0;
    saw("mode 0: %s", result(shmctl(id, IPC_SET, &ds)));
    struct shmid_ds now;
    saw("IPC_STAT by its owner: %s", result(shmctl(id, IPC_STAT, &now)));
    ds.shm_perm.uid = 0;
    int given = shmctl(id, IPC_SET, &ds);
    if (given == -1 && errno == EINVAL)
        skip("this user namespace has no user 0 to give it to");
    saw("given to root: %s", result(given));
    ds.shm_perm.mode = 0600 | SHM_LOCKED;
    ds.shm_perm.__key = 1;
    ds.shm_segsz = 2 * page;
    saw("a mode, key, size by its creator: %s",
        result(shmctl(id, IPC_SET, &ds)));
    if (given == 0)
        now = status(id);
    saw("mode %04o, key %d, pages: %zu", now.shm_perm.mode & 07777u,
        (int)now.shm_perm.__key, now.shm_segsz / page);
    if (second != (void *)-1)
        shmdt(second);
    shmdt(p);
    clear();
    as_before();
}

static const struct experiment controlling[] = {
    {"What does IPC_RMID do to a segment that is attached?",
     "shmctl(id, IPC_RMID, NULL);  shmat(id, ...);  shmget(key, ...);",
     "IPC_RMID: 0\n"
     "SHM_DEST in its mode: yes\n"
     "its key: 0\n"
     "p[0] = 'x': x\n"
     "shmat by the id: an address\n"
     "shmget by the key: ENOENT\n"
     "with IPC_CREAT: another segment\n"
     "the last shmdt: 0\n"
     "IPC_STAT: EINVAL",
     removed,
     "It takes away the key, so that a new one may have it, and marks the "
     "segment, which goes with its last attachment: shmctl(2). That it can "
     "still be attached is Linux; POSIX does not promise it: shmop(2), NOTES.",
     NULL},
    {"What does IPC_STAT tell?",
     "shmctl(id, IPC_STAT, &ds);  /* new; attached; detached again */",
     "__key: as asked for\n"
     "uid, cuid: ours\n"
     "gid, cgid: ours\n"
     "mode: 0600\n"
     "__seq: \n"
     "shm_segsz: 100\n"
     "shm_cpid: we\n"
     "shm_lpid: 0, the child, the child\n"
     "shm_nattch: 0, 1, 0\n"
     "shm_atime: 0, now, now\n"
     "shm_dtime: 0, 0, now\n"
     "shm_ctime: now, now, now",
     every_field,
     "uid and gid own it, cuid and cgid made it. shm_lpid is the last to "
     "attach or detach. shm_ctime is when it was made, or IPC_SET changed it, "
     "and not when somebody wrote to it: shmctl(2).",
     NULL},
    {"What may IPC_SET change, and whom does it stop?",
     "ds.shm_perm.mode = 0400;  shmctl(id, IPC_SET, &ds);",
     "mode 0400: 0\n"
     "attached before, p[0] = 'x': written\n"
     "shmat: EACCES\n"
     "shmat, SHM_RDONLY: an address\n"
     "mode 0: 0\n"
     "IPC_STAT by its owner: EACCES\n"
     "given to root: 0\n"
     "a mode, key, size by its creator: 0\n"
     "mode 0600, key 0, pages: 1",
     permissions,
     "uid, gid and 9 bits of the mode, and nothing else; the owner, the "
     "creator and root may: shmctl(2). The mode is asked at shmat(2), as that "
     "of a file is at open(2): whoever is in stays in.",
     NULL},
};

#endif
