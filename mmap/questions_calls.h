/*
 * questions_calls.h - experiments 1 to 5: what mmap and munmap are given
 */
#ifndef QUESTIONS_CALLS_H
#define QUESTIONS_CALLS_H

#include <fcntl.h>

static size_t page; /* its size, by main: sysconf(3) */

/* A file with these bytes in it, and no name any more, opened so. */
static int file_with(const char *bytes, int flags)
{
    char path[] = "/tmp/questions.XXXXXX";
    int made = mkstemp(path);
    if (made == -1 || write(made, bytes, strlen(bytes)) == -1)
        err(1, "%s", path);
    int fd = open(path, flags);
    if (fd == -1)
        err(1, "open %s", path);
    unlink(path);
    close(made);
    return fd;
}

/* Pages of no file, private to us. */
static char *pages(size_t count)
{
    char *p = mmap(NULL, count * page, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        err(1, "mmap %zu pages", count);
    return p;
}

static void moved_pointer(void)
{
    char *p = pages(3);
    p++;
    saw("munmap(p + 1): %s", result(munmap(p, page)));
    p--;
    saw("munmap(p + page): %s", result(munmap(p + page, page)));
    saw("p[0]: %s", touch(p, 0, false));
    saw("p[page]: %s", touch(p, (long)page, false));
    saw("p[2 * page]: %s", touch(p, 2 * (long)page, false));
    munmap(p, 3 * page);
}

static void read_only_file(void)
{
    int fd = file_with("some text", O_RDONLY);
    void *shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    saw("MAP_SHARED: %s", mapped(shared));
    char *private =
        mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    saw("MAP_PRIVATE: %s", mapped(private));
    private[0] = 'S';
    char c = 0;
    if (pread(fd, &c, 1, 0) != 1)
        err(1, "pread");
    saw("after p[0] = 'S' the file begins with: %c", c);
    munmap(private, page);
    close(fd);
}

static void odd_offset(void)
{
    int fd = file_with("some text", O_RDWR);
    saw("offset 1000: %s",
        mapped(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 1000)));
    void *p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, (off_t)page);
    saw("offset of a page: %s", mapped(p));
    munmap(p, page);
    close(fd);
}

static void unchecked(void)
{
    int fd = file_with("some text", O_RDONLY);
    char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    saw("p == NULL: %s", p == NULL ? "yes" : "no");
    saw("p == MAP_FAILED: %s", p == MAP_FAILED ? "yes" : "no");
    saw("p[0] = 'x': %.7s", touch(p, 0, true)); /* where, not all kernels say */
    close(fd);
}

static void failures(void)
{
    int fd = file_with("some text", O_RDWR);
    saw("length 0: %s", mapped(mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0)));
    int write_only = file_with("some text", O_WRONLY);
    saw("a descriptor to write only: %s",
        mapped(mmap(NULL, page, PROT_WRITE, MAP_SHARED, write_only, 0)));
    close(write_only);
    saw("a closed descriptor: %s",
        mapped(mmap(NULL, page, PROT_READ, MAP_SHARED, write_only, 0)));
    int folder = open("/", O_RDONLY | O_DIRECTORY);
    saw("a directory: %s",
        mapped(mmap(NULL, page, PROT_READ, MAP_SHARED, folder, 0)));
    close(folder);
    saw("neither MAP_SHARED nor MAP_PRIVATE: %s",
        mapped(mmap(NULL, page, PROT_READ, 0, fd, 0)));
    saw("more than there are addresses: %s",
        mapped(mmap(NULL, SIZE_MAX - page, PROT_READ, MAP_SHARED, fd, 0)));
    close(fd);
}

static const struct experiment calls[] = {
    {"If ptr moves (ptr++), does munmap(ptr) still work?",
     "munmap(p + 1, page);  munmap(p + page, page);",
     "munmap(p + 1): EINVAL\n"
     "munmap(p + page): 0\n"
     "p[0]: read\n"
     "p[page]: SIGSEGV in page 1\n"
     "p[2 * page]: read",
     moved_pointer,
     "munmap(2) wants an address that is a multiple of the page size, and says "
     "so. A wrong one that is such a multiple is worse: it is no error, and "
     "the page that was there is gone. Keep the address that mmap returned.",
     NULL},
    {"Opened O_RDONLY, mapped PROT_READ | PROT_WRITE: what happens?",
     "mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);",
     "MAP_SHARED: EACCES\n"
     "MAP_PRIVATE: an address\n"
     "after p[0] = 'S' the file begins with: s",
     read_only_file,
     "A shared mapping writes to the file, so the descriptor must be open for "
     "writing, root's too. A private one writes to copies of the pages; the "
     "descriptor is only read from: EACCES in mmap(2).",
     NULL},
    {"May the offset be 1000?",
     "mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 1000);",
     "offset 1000: EINVAL\n"
     "offset of a page: an address",
     odd_offset,
     "The kernel maps pages, so a mapping starts where a page of the file "
     "starts: offset is a multiple of sysconf(_SC_PAGESIZE), mmap(2). To get "
     "at byte 1000, map from 0 and add 1000 to the address.",
     NULL},
    {"What happens when the return value of mmap is not checked?",
     "char *p = mmap(..., fd_read_only, 0);  p[0] = 'x';",
     "p == NULL: no\n"
     "p == MAP_FAILED: yes\n"
     "p[0] = 'x': SIGSEGV",
     unchecked,
     "mmap(2) fails with MAP_FAILED, which is (void *)-1 and not NULL. Whoever "
     "asks for NULL, or does not ask, dies at the first access, far from the "
     "cause.",
     NULL},
    {"When does mmap fail?",
     "mmap(NULL, 0, ...);  mmap(NULL, page, ..., closed_fd, 0);  ...",
     "length 0: EINVAL\n"
     "a descriptor to write only: EACCES\n"
     "a closed descriptor: EBADF\n"
     "a directory: ENODEV\n"
     "neither MAP_SHARED nor MAP_PRIVATE: EINVAL\n"
     "more than there are addresses: ENOMEM",
     failures,
     "Six ways of many: mmap(2), ERRORS. Write only fails because the memory "
     "of most machines cannot be written without being read.",
     NULL},
};

#endif
