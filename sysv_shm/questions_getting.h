/*
 * questions_getting.h - experiments 1 to 5: keys, and what shmget makes
 */
#ifndef QUESTIONS_GETTING_H
#define QUESTIONS_GETTING_H

#include <fcntl.h>

static void private_key(void)
{
    int id = segment(IPC_PRIVATE, 1);
    saw("IPC_PRIVATE: %d", (int)IPC_PRIVATE);
    saw("once more: %s", got(shmget(IPC_PRIVATE, 1, 0600), id));
    saw("key 0 and IPC_CREAT: %s", got(shmget(0, 1, IPC_CREAT | 0600), id));
    saw("key 0, no flag: %s", got(shmget(0, 1, 0600), id));
    saw("its key in shm_perm: %d", (int)status(id).shm_perm.__key);
    clear();
}

static void no_relative(void)
{
    int id = segment(IPC_PRIVATE, page);
    char *p = attach(id);
    pid_t pid = child();
    if (pid == 0)
        begin_anew(id);
    saw("a program begun anew attached it: %s", attached(pid));
    saw("and wrote there: %s", p);
    shmdt(p);
    clear();
}

/* Another file at the same path, as an editor or rm and touch put it there.
   The old one is open, so its inode number is not free for the new one. */
static void make_anew(void)
{
    int old = open(path, O_RDONLY);
    unlink(path);
    int new = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (old == -1 || new == -1)
        err(1, "%s", path);
    close(new);
    close(old);
}
static void keys(void)
{
    make_file();
    key_t key = ftok(path, 'A');
    char second[sizeof path + 1];
    snprintf(second, sizeof second, "%s2", path);
    if (link(path, second) == -1)
        skip("there are no second links in /tmp");
    key_t linked = ftok(second, 'A');
    unlink(second);

    saw("the same path and id: %s", ftok(path, 'A') == key ? "the same" : "no");
    saw("id 'B': %s", ftok(path, 'B') == key ? "the same" : "another");
    saw("id 'A' + 256: %s", ftok(path, 'A' + 256) == key ? "the same" : "no");
    saw("a second link to the file: %s", linked == key ? "the same" : "no");
    make_anew();
    saw("the file removed and made anew: %s",
        ftok(path, 'A') == key ? "the same" : "another");
    unlink(path);
    saw("no file: %s", result(ftok(path, 'A')));
    clear();
}

static void one_byte(void)
{
    int id = segment(IPC_PRIVATE, 1);
    char *p = shmat(id, hole(3), 0); /* where nothing stands behind it */
    if (p == (void *)-1)
        err(1, "shmat");
    saw("shm_segsz: %zu", status(id).shm_segsz);
    saw("p[1]: %d", p[1]);
    saw("p[page - 1] = 'x': %s", touch(p, (long)page - 1, true));
    saw("p[page] = 'x': %s", touch(p, (long)page, true));
    shmdt(p);
    clear();
}

static void create(void)
{
    key_t key = new_key();
    saw("no segment yet, no flag: %s", got(shmget(key, page, 0600), -1));
    saw("size 0, IPC_CREAT: %s", got(shmget(key, 0, IPC_CREAT | 0600), -1));
    int id = segment(key, page);
    saw("made; IPC_CREAT again: %s",
        got(shmget(key, page, IPC_CREAT | 0600), id));
    saw("IPC_CREAT | IPC_EXCL: %s",
        got(shmget(key, page, IPC_CREAT | IPC_EXCL | 0600), id));
    saw("IPC_EXCL alone: %s", got(shmget(key, page, IPC_EXCL | 0600), id));
    saw("a larger size: %s", got(shmget(key, page + 1, 0600), id));
    saw("a smaller size: %s", got(shmget(key, 1, 0600), id));
    saw("size 0: %s", got(shmget(key, 0, 0600), id));
    clear();
}

static const struct experiment getting[] = {
    {"IPC_PRIVATE twice: one segment? And what of key 0?",
     "shmget(IPC_PRIVATE, 1, 0600);  shmget(0, 1, IPC_CREAT | 0600);",
     "IPC_PRIVATE: 0\n"
     "once more: another segment\n"
     "key 0 and IPC_CREAT: another segment\n"
     "key 0, no flag: another segment\n"
     "its key in shm_perm: 0",
     private_key,
     "IPC_PRIVATE is the key 0, and no flag: each call makes a new segment, "
     "with no key by which shmget would find it. \"IPC_NEW would more clearly "
     "show its function\": shmget(2), NOTES and BUGS.",
     "treats IPC_PRIVATE and key 0 as two cases. They are one."},
    {"Is an IPC_PRIVATE segment for relatives only?",
     "id = shmget(IPC_PRIVATE, ...);  fork();  exec();  shmat(id, ...);",
     "a program begun anew attached it: yes\n"
     "and wrote there: shm_nattch was 1",
     no_relative,
     "Only the key is private. Whoever knows the id, from a command line or "
     "from ipcs(1), may attach the segment, if its mode allows: shmop(2) asks "
     "for no key.",
     "says that only related processes can use it."},
    {"What is ftok made of?", "ftok(path, 'A');",
     "the same path and id: the same\n"
     "id 'B': another\n"
     "id 'A' + 256: the same\n"
     "a second link to the file: the same\n"
     "the file removed and made anew: another\n"
     "no file: ENOENT",
     keys,
     "Of 8 bits of the id, 8 of the device and 16 of the inode number: "
     "ftok(3). The path itself is not in it. A file made anew has another "
     "inode number, or by chance the same. And two files may have one key.",
     NULL},
    {"Asked for one byte: how many are there?",
     "id = shmget(IPC_PRIVATE, 1, 0600);  p = shmat(id, ...);",
     "shm_segsz: 1\n"
     "p[1]: 0\n"
     "p[page - 1] = 'x': written\n"
     "p[page] = 'x': SIGSEGV in page 1, at byte ",
     one_byte,
     "Memory comes in whole pages, filled with zeros; shm_segsz remembers what "
     "was asked for: shmget(2). Behind the last page there is nothing, and no "
     "file that could be too short: SIGSEGV, and not SIGBUS.",
     NULL},
    {"What does shmget do where a segment is already there?",
     "shmget(key, size, flags | 0600);",
     "no segment yet, no flag: ENOENT\n"
     "size 0, IPC_CREAT: EINVAL\n"
     "made; IPC_CREAT again: the same segment\n"
     "IPC_CREAT | IPC_EXCL: EEXIST\n"
     "IPC_EXCL alone: the same segment\n"
     "a larger size: EINVAL\n"
     "a smaller size: the same segment\n"
     "size 0: the same segment",
     create,
     "IPC_CREAT makes one only where there is none; with IPC_EXCL it never "
     "gives an old one: shmget(2). A new one has at least a byte. Of an old "
     "one, any size will do that is not larger, so 0 means: as it is.",
     NULL},
};

#endif
