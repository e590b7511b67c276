/*
 * questions_size.h - experiments 1 to 4: the object, and its size
 */
#ifndef QUESTIONS_SIZE_H
#define QUESTIONS_SIZE_H

#include <sys/socket.h>

static void a_file(void)
{
    const char *object = name("file");
    mode_t mask = umask(077);
    int fd = shm_open(object, O_RDWR | O_CREAT | O_EXCL, 0666);
    umask(mask);
    if (fd == -1 || ftruncate(fd, 1000) == -1)
        err(1, "make %s", object);
    struct stat st = status(fd), file;
    struct statfs fs;
    if (lstat(file_of(object), &file) == -1 || fstatfs(fd, &fs) == -1)
        err(1, "%s", file_of(object));
    saw("in /dev/shm: %s", file.st_ino == st.st_ino && file.st_dev == st.st_dev
                               ? "the object"
                               : "another file");
    saw("its kind: %s", S_ISREG(file.st_mode) ? "a regular file" : "another");
    saw("its file system: %s",
        fs.f_type == 0x01021994 ? "tmpfs" : "another"); /* statfs(2) */
    saw("its size: %ld bytes", (long)file.st_size);
    saw("its mode: %04o", (unsigned)file.st_mode & 07777);
    shm_unlink(object);
    close(fd);
}

static void no_size(void)
{
    const char *object = name("no_size");
    int fd = make(object, 0); /* as shm_open(3) makes it */
    saw("its size: %ld bytes", (long)status(fd).st_size);
    char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    saw("mmap: %s", mapped(p));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    saw("ftruncate: %s", result(ftruncate(fd, (off_t)page)));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    munmap(p, page);
    shm_unlink(object);
    close(fd);
}

static void odd_size(void)
{
    const char *object = name("odd_size");
    int fd = make(object, 0);
    saw("ftruncate(fd, 1000): %s", result(ftruncate(fd, 1000)));
    saw("its size: %ld bytes", (long)status(fd).st_size);
    if (pwrite(fd, "", 1, 0) != 1) /* its page, or "No space left" */
        err(1, "write to %s", object);
    char *p = map(fd, 2 * page), c;
    saw("p[1500], behind the end, in its page: %d", p[1500]);
    saw("another process, p[1500] = 'x': %s", touch(p, 1500, true));
    saw("and here p[1500] is: %c", p[1500]);
    saw("pread(2) of it: %zd bytes", pread(fd, &c, 1, 1500));
    saw("p[page], behind that page: %s", touch(p, (long)page, true));
    saw("ftruncate(fd, 2000): %s", result(ftruncate(fd, 2000)));
    saw("then p[1500] is: %s", p[1500] == 'x' ? "still x" : "another");
    munmap(p, 2 * page);
    shm_unlink(object);
    close(fd);
}

static void errors(void)
{
    const char *object = name("errors");
    int fd = make(object, page), to_read = shm_open(object, O_RDONLY, 0);
    int other = socket(AF_UNIX, SOCK_STREAM, 0);
    if (to_read == -1 || other == -1)
        err(1, "shm_open or socket");
    saw("open to read only: %s", result(ftruncate(to_read, 0)));
    saw("a socket: %s", result(ftruncate(other, 0)));
    saw("a length of -1: %s", result(ftruncate(fd, -1)));
    close(other);
    close(to_read);
    close(fd);
    saw("a closed descriptor: %s", result(ftruncate(fd, 0)));
    shm_unlink(object);
}

static const struct experiment sizes[] = {
    {"What is a POSIX shared memory object?",
     "umask(077);  fd = shm_open(name, O_RDWR | O_CREAT, 0666);",
     "in /dev/shm: the object\n"
     "its kind: a regular file\n"
     "its file system: tmpfs\n"
     "its size: 1000 bytes\n"
     "its mode: 0600",
     a_file,
     "A file in memory: shm_open(3), NOTES, and tmpfs(5). ls, rm and chmod do "
     "with it what they do with any file. The bits that are set in umask(2) "
     "are taken from the mode; of the rest a class needs no more than 0600.",
     NULL},
    {"What if ftruncate is forgotten?",
     "fd = shm_open(name, ...);  p = mmap(..., fd, 0);  p[0] = 'x';",
     "its size: 0 bytes\n"
     "mmap: an address\n"
     "p[0] = 'x': SIGBUS in page 0\n"
     "ftruncate: 0\n"
     "p[0] = 'x': written",
     no_size,
     "A new object has zero length: shm_open(3). mmap(2) does not mind, but "
     "no page of it is there, and the first access is a SIGBUS. So is that of "
     "a process which opens the object before its maker has sized it.",
     NULL},
    {"Must the size be a multiple of the page size?",
     "ftruncate(fd, 1000);  p = mmap(NULL, 2 * page, ..., fd, 0);",
     "ftruncate(fd, 1000): 0\n"
     "its size: 1000 bytes\n"
     "p[1500], behind the end, in its page: 0\n"
     "another process, p[1500] = 'x': written\n"
     "and here p[1500] is: x\n"
     "pread(2) of it: 0 bytes\n"
     "p[page], behind that page: SIGBUS in page 1\n"
     "ftruncate(fd, 2000): 0\n"
     "then p[1500] is: ",
     odd_size,
     "ftruncate(2) gives it precisely that size. Memory comes in pages, so the "
     "rest of the last page is there, and even shared; but it is not the "
     "object's, and read(2) never shows it. Leave it alone: what is written "
     "there may turn up when the object grows, though ftruncate(2) says that "
     "the extended part reads as null bytes.",
     "says that it must. It need not: any size will do."},
    {"When does ftruncate fail?",
     "ftruncate(fd_read_only, 0);  ftruncate(socket, 0);  ...",
     "open to read only: EINVAL\n"
     "a socket: EINVAL\n"
     "a length of -1: EINVAL\n"
     "a closed descriptor: EBADF",
     errors,
     "ftruncate(2), ERRORS. Read only is EINVAL on Linux, and may be EBADF "
     "elsewhere. That there is no memory is not among them: question 10.",
     NULL},
};

#endif
