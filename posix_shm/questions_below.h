/*
 * questions_below.h - experiments 9 to 12: what shm_open stands on
 */
#ifndef QUESTIONS_BELOW_H
#define QUESTIONS_BELOW_H

#include <link.h>
#include <sched.h>
#include <sys/mount.h>

static void read_only(void)
{
    const char *object = name("read_only");
    int fd = make(object, page), to_read = shm_open(object, O_RDONLY, 0);
    const int both = PROT_READ | PROT_WRITE;
    saw("MAP_SHARED, to read and write: %s",
        mapped(mmap(NULL, page, both, MAP_SHARED, to_read, 0)));
    char *p = mmap(NULL, page, PROT_READ, MAP_SHARED, to_read, 0);
    saw("MAP_SHARED, to read: %s", mapped(p));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    saw("mprotect: %s", result(mprotect(p, page, both)));
    char *copy = mmap(NULL, page, both, MAP_PRIVATE, to_read, 0);
    saw("MAP_PRIVATE, to read and write: %s", mapped(copy));
    copy[0] = 'x';
    saw("copy[0] = 'x', and p[0] is: %d", p[0]);
    munmap(copy, page);
    munmap(p, page);
    shm_unlink(object);
    close(to_read);
    close(fd);
}

static bool put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    bool good = fd != -1 && write(fd, text, strlen(text)) != -1;
    close(fd);
    return good;
}
/* Give this process a /dev/shm of its own, one page large, which ends with it:
   in namespaces where it may mount(2), user_namespaces(7). */
static bool own_dev_shm(void)
{
    char user[40], group[40];
    snprintf(user, sizeof user, "%u %u 1", geteuid(), geteuid());
    snprintf(group, sizeof group, "%u %u 1", getegid(), getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           put("/proc/self/setgroups", "deny") &&
           put("/proc/self/uid_map", user) &&
           put("/proc/self/gid_map", group) &&
           mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=4k") == 0;
}
static void more_than_there_is(void)
{
    int fd = make(name("more"), 0);
    saw("ftruncate to two pages: %s", result(ftruncate(fd, 2 * (off_t)page)));
    char *p = map(fd, 2 * page);
    saw("p[0] = 'x': %s", touch(p, 0, true));
    saw("p[page] = 'x': %s", touch(p, (long)page, true));
    errno = posix_fallocate(fd, 0, 2 * (off_t)page);
    saw("posix_fallocate: %s", result(errno == 0 ? 0 : -1));
}
static void full(void)
{
    char *said = mmap(NULL, sizeof seen, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (said == MAP_FAILED)
        err(1, "mmap");
    pid_t pid = child();
    if (pid == 0) {
        if (!own_dev_shm())
            _exit(2);
        more_than_there_is();
        memcpy(said, seen, sizeof seen);
        _exit(0);
    }
    if (strcmp(ended(pid), "2") == 0)
        skip("we may have no /dev/shm of our own: user_namespaces(7)");
    memcpy(seen, said, sizeof seen);
    munmap(said, sizeof seen);
}

/* The file names of what this process has loaded: dl_iterate_phdr(3) calls
   loaded() for each. */
static char libraries[500];
static int loaded(struct dl_phdr_info *info, size_t length, void *unused)
{
    (void)length, (void)unused;
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *file = slash == NULL ? info->dlpi_name : slash + 1;
    size_t used = strlen(libraries);
    if (file[0] != '\0') /* as the program itself is, in glibc */
        snprintf(libraries + used, sizeof libraries - used, " %s", file);
    return 0;
}
static void library(void)
{
#ifdef __GLIBC__
    saw("made with: glibc %d.%d", __GLIBC__, __GLIBC_MINOR__);
    if (__GLIBC__ == 2 && __GLIBC_MINOR__ < 34)
        skip("shm_open is in librt before glibc 2.34");
#else
    saw("made with: another C library than glibc");
#endif
    libraries[0] = '\0';
    dl_iterate_phdr(loaded, NULL);
    saw("librt is loaded: %s", strstr(libraries, " librt.") ? "yes" : "no");
    saw("loaded is:%s", libraries);
}

static void flags(void)
{
    const char *object = name("flags"), *other = name("other");
    const char *link_to_it = name("link");
    mode_t mask = umask(077);
    int fd = shm_open(object, O_RDWR | O_CREAT | O_EXCL, 0666);
    int file = open(file_of(other), O_RDWR | O_CREAT | O_EXCL, 0666);
    umask(mask);
    if (fd == -1 || file == -1 ||
        symlink(object + 1, file_of(link_to_it)) == -1)
        err(1, "make %s", object);
    int its = fcntl(fd, F_GETFL);
    saw("F_GETFD: %s", fcntl(fd, F_GETFD) & FD_CLOEXEC ? "FD_CLOEXEC" : "0");
    saw("F_GETFL: %s%s%s", (its & O_ACCMODE) == O_RDWR ? "O_RDWR" : "another",
        its & O_NOFOLLOW ? " | O_NOFOLLOW" : "",
        its & O_NONBLOCK ? " | O_NONBLOCK" : "");
    saw("its mode: %s", status(fd).st_mode == status(file).st_mode
                            ? "as open(2) sets it"
                            : "another");
    saw("a file made by open(2): %s", opened(shm_open(other, O_RDWR, 0)));
    saw("a link to it, open(2): %s", opened(open(file_of(link_to_it), O_RDWR)));
    saw("a link to it, shm_open: %s", opened(shm_open(link_to_it, O_RDWR, 0)));
    shm_unlink(link_to_it);
    shm_unlink(other);
    shm_unlink(object);
    close(file);
    close(fd);
}

static const struct experiment below[] = {
    {"Opened O_RDONLY: may one still write?",
     "fd = shm_open(name, O_RDONLY, 0);  mmap(... PROT_WRITE ...);",
     "MAP_SHARED, to read and write: EACCES\n"
     "MAP_SHARED, to read: an address\n"
     "p[0] = 'x': SIGSEGV in page 0\n"
     "mprotect: EACCES\n"
     "MAP_PRIVATE, to read and write: an address\n"
     "copy[0] = 'x', and p[0] is: 0",
     read_only,
     "An object opened so can be mapped to read only, shm_open(3), by root "
     "too. A private mapping has copies to write to, which no one else sees. "
     "So a process that only reads opens O_RDONLY: then no mistake of it can "
     "spoil the object.",
     NULL},
    {"Is there memory, when ftruncate says 0?",
     "ftruncate(fd, 2 * page);  p[page] = 'x';",
     "ftruncate to two pages: 0\n"
     "p[0] = 'x': written\n"
     "p[page] = 'x': SIGBUS in page 1\n"
     "posix_fallocate: ENOSPC",
     full,
     "Done in a /dev/shm of one page: tmpfs(5), size. ftruncate(2) sets a "
     "size and takes no memory; a page is taken when it is first written, and "
     "if none is left, that is a SIGBUS. posix_fallocate(3) takes the memory "
     "now, or says that there is none.",
     NULL},
    {"What does -lrt link?", "cc questions.c -lrt;  cc questions.c",
     "made with: \n"
     "librt is loaded: no\n"
     "loaded is:",
     library,
     "Nothing: both commands make the same program. shm_open(3) and "
     "shm_overview(7) still ask for -lrt, but since glibc 2.34 shm_open is in "
     "libc, and the librt.a to link with is empty; that of musl is, too. A "
     "librt.so.1 is there for programs made before.",
     NULL},
    {"Is shm_open more than open(2)?",
     "open(\"/dev/shm/NAME\", oflag | O_NOFOLLOW | O_CLOEXEC, mode);",
     "F_GETFD: FD_CLOEXEC\n"
     "F_GETFL: O_RDWR | O_NOFOLLOW\n"
     "its mode: as open(2) sets it\n"
     "a file made by open(2): a descriptor\n"
     "a link to it, open(2): a descriptor\n"
     "a link to it, shm_open: ELOOP",
     flags,
     "It is that line, and a look at the name. execve(2) closes the "
     "descriptor: shm_open(3). A symbolic link, which someone else may have "
     "laid in /dev/shm, is not followed: O_NOFOLLOW in open(2), of which "
     "shm_open(3) says nothing. musl adds O_NONBLOCK, and so does not wait "
     "where the name is that of a FIFO.",
     NULL},
};

#endif
