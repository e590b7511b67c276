/*
 * questions_object.h - names and objects for the experiments
 */
#ifndef QUESTIONS_OBJECT_H
#define QUESTIONS_OBJECT_H

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static size_t page; /* its size, by main: sysconf(3) */

/* Our names, as files: the last four, which is more than an experiment has at
   once. They are removed however we end, if it is not by SIGKILL. */
enum { PATH_LENGTH = sizeof "/dev/shm/" + NAME_MAX };
static char paths[4][2 * PATH_LENGTH]; /* room for what is cut off */
static pid_t owner;

/* The name /questions.PID.WHAT, cut to NAME_MAX bytes after the slash. */
static const char *name(const char *what)
{
    static int turn;
    char *path = paths[turn++ % 4];
    if (snprintf(path, sizeof paths[0], "/dev/shm/questions.%d.%s", owner,
                 what) < 0)
        err(1, "snprintf");
    path[PATH_LENGTH - 1] = '\0';
    struct stat st;
    if (lstat(path, &st) == 0) {
        warnx("%s: there is one already", path);
        path[0] = '\0'; /* not ours to remove */
        exit(1);
    }
    return path + strlen("/dev/shm");
}
static void remove_names(void)
{
    for (int i = 0; i < 4 && getpid() == owner; i++) /* and not a child */
        unlink(paths[i]);
}
static void killed(int number)
{
    while (wait(NULL) > 0) /* a child may be about to make one */
        ;
    remove_names();
    signal(number, SIG_DFL);
    raise(number);
}
static void leave_no_names(void)
{
    static const int numbers[] = {SIGBUS, SIGHUP, SIGINT, SIGTERM};
    owner = getpid();
    atexit(remove_names);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        signal(numbers[i], killed);
    signal(SIGPIPE, SIG_IGN); /* an error, no death */
    signal(SIGXFSZ, SIG_IGN);
}

/* The file that this object is. */
static const char *file_of(const char *object)
{
    static char path[sizeof paths[0]];
    snprintf(path, sizeof path, "/dev/shm%s", object);
    return path;
}

/* A new object of this size, and the descriptor of it. Where there is no memory
   for it, it says so: question 10. */
static int make(const char *object, size_t size)
{
    int fd = shm_open(object, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd != -1 && size > 0)
        errno = posix_fallocate(fd, 0, (off_t)size);
    if (fd == -1 || (size > 0 && errno != 0))
        err(1, "make %s", object);
    return fd;
}

/* A shared mapping of it, to read and write. */
static char *map(int fd, size_t size)
{
    char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %zu bytes", size);
    return p;
}

/* What fstat(2) says of it. */
static struct stat status(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat");
    return st;
}

/* What shm_open(3) returned, which is closed again. */
static const char *opened(int fd)
{
    if (fd == -1)
        return result(-1);
    close(fd);
    return "a descriptor";
}

#endif
