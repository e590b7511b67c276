/*
 * questions_files.h - experiments 6 to 9: the file and its length
 */
#ifndef QUESTIONS_FILES_H
#define QUESTIONS_FILES_H

#include <sys/stat.h>

static void new_file(void)
{
    int fd = file_with("", O_RDWR); /* as open(2) with O_CREAT makes it */
    char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    saw("mmap: %s", mapped(p));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    saw("ftruncate: %s", result(ftruncate(fd, (off_t)page)));
    saw("p[0] = 'x': %s", touch(p, 0, true));
    munmap(p, page);
    close(fd);
}

static void closed_file(void)
{
    int fd = file_with("some text", O_RDWR), again = dup(fd);
    char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    saw("close: %s", result(close(fd)));
    p[0] = 'S';
    char bytes[10] = "";
    if (pread(again, bytes, 9, 0) != 9)
        err(1, "pread");
    saw("p: %.9s", p);
    saw("the file: %s", bytes);
    munmap(p, page);
    close(again);
}

static void beyond_the_end(void)
{
    int fd = file_with("0123456789", O_RDWR);
    char *hole = pages(3);
    munmap(hole, 3 * page); /* so that nothing stands behind the mapping */
    char *p = mmap(hole, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p != hole) {
        munmap(p, 2 * page);
        close(fd);
        skip("the kernel chose another address");
        return;
    }
    saw("p[10], behind the end, in its page: %d", p[10]);
    saw("p[10] = 'x': %s", touch(p, 10, true));
    saw("p[page], in the mapping, no page of the file: %s",
        touch(p, (long)page, true));
    saw("p[2 * page], behind the mapping: %s", touch(p, 2 * (long)page, true));
    char bytes[20] = "";
    ssize_t n = pread(fd, bytes, sizeof bytes - 1, 0);
    saw("the file: %zd bytes, %s", n, bytes);
    munmap(p, 2 * page);
    close(fd);
}

static void empty_file(void)
{
    int fd = file_with("", O_RDWR);
    struct stat st;
    if (fstat(fd, &st) == -1)
        err(1, "fstat");
    saw("mmap of st_size, %ld: %s", (long)st.st_size,
        mapped(mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
                    MAP_SHARED, fd, 0)));
    close(fd);
}

static const struct experiment files[] = {
    {"Can a file just made with O_CREAT be mapped?",
     "fd = open(path, O_RDWR | O_CREAT, 0600);  p = mmap(...);  p[0] = 'x';",
     "mmap: an address\n"
     "p[0] = 'x': SIGBUS in page 0\n"
     "ftruncate: 0\n"
     "p[0] = 'x': written",
     new_file,
     "It can, and that is the trap: the file is empty, so no page of it is "
     "there, and the first access is a SIGBUS: mmap(2). Give it a length "
     "first: ftruncate(2), or better posix_fallocate(3).",
     NULL},
    {"Does the mapping live when the descriptor is closed?",
     "close(fd);  p[0] = 'S';",
     "close: 0\n"
     "p: Some text\n"
     "the file: Some text",
     closed_file,
     "The mapping holds the file itself, not the descriptor: mmap(2).", NULL},
    {"What if one reads or writes beyond the end?",
     "p = mmap(NULL, 2 * page, ..., fd, 0);  /* of a file of 10 bytes */",
     "p[10], behind the end, in its page: 0\n"
     "p[10] = 'x': written\n"
     "p[page], in the mapping, no page of the file: SIGBUS in page 1\n"
     "p[2 * page], behind the mapping: SIGSEGV in page 2\n"
     "the file: 10 bytes, 0123456789",
     beyond_the_end,
     "The last page of the file is filled up with zeros, which may be used and "
     "never reach the file: mmap(2). A page that the file does not have is "
     "SIGBUS; an address that nobody mapped is SIGSEGV.",
     NULL},
    {"Can an empty file be mapped at its own length?",
     "mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);",
     "mmap of st_size, 0: EINVAL", empty_file,
     "A mapping has at least one byte: EINVAL in mmap(2), since Linux 2.6.12. "
     "So the related processes of the text need a file that is not empty; or "
     "no file at all, MAP_ANONYMOUS.",
     NULL},
};

#endif
