/*
 * questions_sharing.h - experiments 10 to 14: who sees what
 */
#ifndef QUESTIONS_SHARING_H
#define QUESTIONS_SHARING_H

#include <inttypes.h>

/* Two bytes in a mapping of this kind. The child writes the first and the
   parent the second, each after fork(2); then each looks at the other's. A pipe
   tells the child when the parent has written, its end tells the parent. */
static void after_fork(const char *name, int flags)
{
    char *p =
        mmap(NULL, page, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    int written[2];
    if (p == MAP_FAILED || pipe(written) == -1)
        err(1, "mmap or pipe");
    memcpy(p, "??", 2);
    pid_t pid = child();
    if (pid == 0) {
        char c;
        close(written[1]);
        p[0] = 'c';
        if (read(written[0], &c, 1) != 1)
            _exit(2);
        _exit(p[1] == 'p');
    }
    p[1] = 'p';
    if (write(written[1], "", 1) != 1)
        err(1, "write");
    bool child_saw = strcmp(ended(pid), "1") == 0;
    saw("%s: the parent sees the child's write: %s", name,
        p[0] == 'c' ? "yes" : "no");
    saw("%s: the child sees the parent's write: %s", name,
        child_saw ? "yes" : "no");
    close(written[0]);
    close(written[1]);
    munmap(p, page);
}
static void private_and_shared(void)
{
    after_fork("MAP_SHARED", MAP_SHARED);
    after_fork("MAP_PRIVATE", MAP_PRIVATE);
}

static void without_msync(void)
{
    int fd = file_with("some text", O_RDWR);
    char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *second = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED || second == MAP_FAILED)
        err(1, "mmap");
    memcpy(p, "SOME", 4);
    char bytes[10] = "";
    if (pread(fd, bytes, 9, 0) != 9)
        err(1, "pread");
    saw("read(2): %s", bytes);
    saw("a second mapping: %.9s", second);
    saw("msync: %s", result(msync(p, page, MS_SYNC)));
    munmap(p, page);
    munmap(second, page);
    close(fd);
}

/* The line of /proc/self/smaps that begins so, of the mapping at p: kilobytes;
   and the page frame number of p from /proc/self/pagemap: proc(5). */
static long smaps(const char *p, const char *field)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    if (file == NULL)
        err(1, "/proc/self/smaps");
    char line[300];
    bool here = false;
    long value = -1;
    while (value == -1 && fgets(line, sizeof line, file) != NULL) {
        uintptr_t start, end;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
            here = start <= (uintptr_t)p && (uintptr_t)p < end;
        else if (here && strncmp(line, field, strlen(field)) == 0)
            value = strtol(line + strlen(field), NULL, 10);
    }
    fclose(file);
    return value;
}
static uint64_t frame(const char *p)
{
    uint64_t entry = 0;
    int fd = open("/proc/self/pagemap", O_RDONLY);
    if (fd != -1 && pread(fd, &entry, sizeof entry,
                          (off_t)((uintptr_t)p / page * sizeof entry)) == -1)
        entry = 0;
    close(fd);
    return entry & ((UINT64_C(1) << 55) - 1);
}
static void mapped_twice(void)
{
    int fd = file_with("some text", O_RDWR);
    char *a = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *gap = pages(1); /* so that the two do not stand side by side */
    char *b = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (a == MAP_FAILED || b == MAP_FAILED)
        err(1, "mmap");
    saw("two addresses: %s, %p and %p", a == b ? "no" : "yes", (void *)a,
        (void *)b);
    a[0] = 'S';
    saw("a[0] = 'S', and b is: %.9s", b);
    long rss = smaps(b, "Rss:"), pss = smaps(b, "Pss:");
    saw("Pss is half of Rss: %s, %ld of %ld kB", pss * 2 == rss ? "yes" : "no",
        pss, rss);
    if (frame(a) == 0)
        saw("the page frame: not for us to see");
    else
        saw("the page frame: %s, %#" PRIx64,
            frame(a) == frame(b) ? "the same" : "another", frame(a));
    munmap(a, page);
    munmap(b, page);
    munmap(gap, page);
    close(fd);
}

static void shrunk(void)
{
    int fd = file_with("some text", O_RDWR);
    if (ftruncate(fd, 2 * (off_t)page) == -1)
        err(1, "ftruncate");
    char *p = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0);
    saw("p[page]: %s", touch(p, (long)page, false));
    saw("ftruncate to one page: %s", result(ftruncate(fd, (off_t)page)));
    saw("p[page]: %s", touch(p, (long)page, false));
    saw("p[0]: %s", touch(p, 0, false));
    munmap(p, 2 * page);
    close(fd);
}

static void larger_length(void)
{
    char *p = pages(2); /* ours, and behind it somebody else's */
    saw("munmap(p, 2 * page): %s", result(munmap(p, 2 * page)));
    saw("the neighbour: %s", touch(p, (long)page, false));
}

static const struct experiment sharing[] = {
    {"MAP_PRIVATE or MAP_SHARED: who sees what after fork?",
     "p = mmap(NULL, page, ..., MAP_SHARED | MAP_ANONYMOUS, -1, 0);  fork();",
     "MAP_SHARED: the parent sees the child's write: yes\n"
     "MAP_SHARED: the child sees the parent's write: yes\n"
     "MAP_PRIVATE: the parent sees the child's write: no\n"
     "MAP_PRIVATE: the child sees the parent's write: no",
     private_and_shared,
     "Shared, both have the same page. Private, the first to write gets a copy "
     "of its own (copy on write), mmap(2).",
     NULL},
    {"Does another process see the change only after msync?",
     "memcpy(p, \"SOME\", 4);  pread(fd, ...);  /* and no msync */",
     "read(2): SOME text\n"
     "a second mapping: SOME text\n"
     "msync: 0",
     without_msync,
     "The mapping is the page cache, the same pages that read(2) copies from "
     "and every other mapping shows. msync(2) is for the disk: when it has "
     "returned, the change survives a power cut.",
     NULL},
    {"One file mapped twice: two memories?",
     "a = mmap(..., fd, 0);  b = mmap(..., fd, 0);  a[0] = 'S';",
     "two addresses: yes\n"
     "a[0] = 'S', and b is: Some text\n"
     "Pss is half of Rss: yes\n"
     "the page frame: ",
     mapped_twice,
     "Two addresses, one page. Pss in /proc/PID/smaps counts a page for each "
     "mapping in proportion, proc(5): half of it for either. The number of the "
     "page frame in /proc/PID/pagemap only root may see.",
     NULL},
    {"What if the file is made shorter under a mapping?",
     "ftruncate(fd, page);  p[page];",
     "p[page]: read\n"
     "ftruncate to one page: 0\n"
     "p[page]: SIGBUS in page 1\n"
     "p[0]: read",
     shrunk,
     "The page is no longer the file's, and touching it is SIGBUS: mmap(2). "
     "Whoever may shorten the file can kill all who have it mapped.",
     NULL},
    {"What if munmap gets a larger length than was mapped?",
     "munmap(p, 2 * page);  /* mapped was one */",
     "munmap(p, 2 * page): 0\n"
     "the neighbour: SIGSEGV in page 1",
     larger_length,
     "munmap(2) unmaps all pages in the range, whoever mapped them, and that "
     "there is none is no error either. Give it the length that mmap was "
     "given.",
     "maps 4096 bytes in its writer, and unmaps 8192: it works by luck."},
};

#endif
