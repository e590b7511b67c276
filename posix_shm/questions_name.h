/*
 * questions_name.h - experiments 5 to 8: the name, and what it leads to
 */
#ifndef QUESTIONS_NAME_H
#define QUESTIONS_NAME_H

/* Do two descriptors lead to one object? */
static bool same(int a, int b)
{
    struct stat first = status(a), second = status(b);
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

static void which_names(void)
{
    enum { BOTH = O_RDWR | O_CREAT | O_EXCL };
    const char *object = name("names");
    int fd = make(object, page), again = shm_open(object + 1, O_RDWR, 0);
    if (again == -1)
        err(1, "shm_open %s", object + 1);
    saw("no slash in front: %s",
        same(fd, again) ? "the same object" : "another");
    saw("a second slash, /questions/x: %s",
        opened(shm_open("/questions/x", BOTH, 0600)));
    saw("nothing but a slash: %s", opened(shm_open("/", BOTH, 0600)));

    char filling[NAME_MAX + 1], too_long[NAME_MAX + 3];
    memset(filling, 'x', NAME_MAX);
    filling[NAME_MAX] = '\0';
    const char *longest = name(filling);
    snprintf(too_long, sizeof too_long, "%sx", longest);
    saw("a slash and 255 bytes: %s", opened(shm_open(longest, BOTH, 0600)));
    saw("a slash and 256 bytes: %s", opened(shm_open(too_long, BOTH, 0600)));
    shm_unlink(longest);

    saw("O_CREAT | O_EXCL, and it is there: %s",
        opened(shm_open(object, BOTH, 0600)));
    shm_unlink(object);
    saw("no O_CREAT, and it is not there: %s",
        opened(shm_open(object, O_RDWR, 0)));
    saw("shm_unlink of it: %s", result(shm_unlink(object)));
    close(again);
    close(fd);
}

static void truncated(void)
{
    const char *object = name("truncated");
    int fd = make(object, page);
    char *p = map(fd, page);
    p[0] = 'x';
    saw("another process, p[0]: %s", touch(p, 0, false));
    saw("shm_open: %s", opened(shm_open(object, O_RDWR | O_TRUNC, 0)));
    saw("its size: %ld bytes", (long)status(fd).st_size);
    saw("another process, p[0]: %s", touch(p, 0, false));
    saw("ftruncate to one page: %s", result(ftruncate(fd, (off_t)page)));
    saw("p[0]: %d", p[0]);
    munmap(p, page);
    shm_unlink(object);
    close(fd);
}

/* Free bytes in /dev/shm; 0 if that has no limit, and so does not count. */
static uint64_t room(void)
{
    struct statfs fs;
    if (statfs("/dev/shm", &fs) == -1)
        err(1, "statfs /dev/shm");
    return (uint64_t)fs.f_bfree * (uint64_t)fs.f_bsize;
}
/* How much of an object's memory shm_unlink, close and munmap give back, one
   after the other. Other processes use /dev/shm too: where the numbers are not
   of this object alone, do it again. */
static void given_back(const char *object)
{
    if (room() == 0) {
        skip("this /dev/shm has no limit, or no room");
        return;
    }
    uint64_t taken, unlinked, closed, unmapped;
    int tries = 0;
    do {
        int fd = make(object, page);
        char *p = map(fd, page);
        taken = (uint64_t)status(fd).st_blocks * 512;
        uint64_t before = room();
        shm_unlink(object);
        unlinked = room() - before;
        close(fd);
        closed = room() - before;
        munmap(p, page);
        unmapped = room() - before;
    } while ((unlinked != 0 || closed != 0 || unmapped != taken) &&
             tries++ < 1000);
    saw("given back by shm_unlink: %s", unlinked == 0 ? "nothing" : "memory");
    saw("given back by close: %s", closed == 0 ? "nothing" : "memory");
    saw("given back by munmap, the last: %s",
        unmapped == taken ? "all" : "not all");
}
static void unlinked_name(void)
{
    const char *object = name("unlinked");
    int fd = make(object, page);
    char *p = map(fd, page);
    memcpy(p, "some text", 10);
    saw("shm_unlink: %s", result(shm_unlink(object)));
    saw("shm_open: %s", opened(shm_open(object, O_RDWR, 0)));
    int anew = make(object, page);
    saw("shm_open with O_CREAT: %s",
        same(fd, anew) ? "the same object" : "another object");
    saw("p, the old mapping: %s", p);
    saw("the old descriptor: st_nlink %ld", (long)status(fd).st_nlink);
    munmap(p, page);
    shm_unlink(object);
    close(anew);
    close(fd);
    given_back(object);
}

static void outlives(void)
{
    const char *object = name("outlives");
    pid_t pid = child();
    if (pid == 0) {
        memcpy(map(make(object, page), page), "a child's text", 15);
        _exit(0);
    }
    saw("the child that made it ended with: %s", ended(pid));
    int fd = shm_open(object, O_RDWR, 0);
    saw("shm_open: %s", fd == -1 ? result(-1) : "a descriptor");
    char text[20] = "";
    saw("what it holds: %s", read(fd, text, 19) == -1 ? result(-1) : text);
    saw("shm_unlink: %s", result(shm_unlink(object)));
    close(fd);
}

static const struct experiment names[] = {
    {"Which names may an object have?", "shm_open(name, flags, 0600);",
     "no slash in front: the same object\n"
     "a second slash, /questions/x: EINVAL\n"
     "nothing but a slash: EINVAL\n"
     "a slash and 255 bytes: a descriptor\n"
     "a slash and 256 bytes: ENAMETOOLONG\n"
     "O_CREAT | O_EXCL, and it is there: EEXIST\n"
     "no O_CREAT, and it is not there: ENOENT\n"
     "shm_unlink of it: ENOENT",
     which_names,
     "For use on any system: a slash and up to 254 bytes that are none, "
     "shm_open(3). Here the slash does not count, and may even be missing. "
     "That page says that names are too long from PATH_MAX on: it is NAME_MAX. "
     "And if they are longer still, by some bytes, glibc says EINVAL; musl "
     "stays with ENAMETOOLONG.",
     NULL},
    {"What does O_TRUNC do while another process has it mapped?",
     "shm_open(name, O_RDWR | O_TRUNC, 0);",
     "another process, p[0]: read\n"
     "shm_open: a descriptor\n"
     "its size: 0 bytes\n"
     "another process, p[0]: SIGBUS in page 0\n"
     "ftruncate to one page: 0\n"
     "p[0]: 0",
     truncated,
     "It makes the object empty, shm_open(3), for all who have it mapped: their "
     "pages are gone, and what was in them. To begin anew, use shm_unlink and "
     "O_CREAT | O_EXCL: who has the old object then keeps it.",
     NULL},
    {"What does shm_unlink do while it is mapped?",
     "shm_unlink(name);  shm_open(name, ...);  p[0];",
     "shm_unlink: 0\n"
     "shm_open: ENOENT\n"
     "shm_open with O_CREAT: another object\n"
     "p, the old mapping: some text\n"
     "the old descriptor: st_nlink 0\n"
     "given back by shm_unlink: nothing\n"
     "given back by close: nothing\n"
     "given back by munmap, the last: all",
     unlinked_name,
     "It removes the name, and no more: shm_open(3). The memory goes when the "
     "last descriptor and the last mapping are gone, here by munmap. Whoever "
     "makes the name anew makes another object.",
     NULL},
    {"Does the object outlive the process that made it?",
     "if (fork() == 0) { shm_open(name, ...);  ...  _exit(0); }",
     "the child that made it ended with: 0\n"
     "shm_open: a descriptor\n"
     "what it holds: a child's text\n"
     "shm_unlink: 0",
     outlives,
     "It stays until shm_unlink, or until the machine is shut down: "
     "shm_overview(7), Persistence. What a crashed program left takes memory "
     "until someone removes it: look with ls /dev/shm.",
     NULL},
};

#endif
