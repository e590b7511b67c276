/*
 * text.c - files for unrelated_reader and seqlock_reader that no writer wrote
 *
 *     text FILE [FIELD=NUMBER]...
 *     text FILE fill COUNT SEED ./mmap/seqlock_reader -n 1 FILE
 *
 * FIELD is magic, sequence, or text: the byte that fills it to the last one of
 * the file; 0x31716573, 2 and 0 if not said. bytes=N puts N into each byte.
 * With lock=1 the helper has the writer's lock, until it is killed. In both
 * files the text is at the same place; of the rest only seqlock_reader knows.
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <sys/mman.h>

#include "../../../mmap/seqlock.h"

static const char *path;
static struct seqlock *s;

static int make(void)
{
    unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *s) == -1)
        err(2, "%s", path);
    s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED)
        err(2, "mmap %s", path);
    s->magic = SEQLOCK_MAGIC;
    s->sequence = 2;
    return fd;
}

static void own(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1)
        err(2, "lock %s", path);
}

static void any_text(char *text)
{
    any_bytes(text, TEXT_SIZE);
    if (below(2)) /* then no NUL; else the first comes soon */
        for (int i = 0; i < TEXT_SIZE; i++)
            text[i] = (char)(text[i] == 0 ? 'a' : text[i]);
    if (below(8) == 0) /* or no text */
        text[0] = '\0';
}

/* As a writer that knows nothing of a lock. */
static void write_on(char **command)
{
    reader_start(command);
    int status;
    while (!reader_ends(1, &status)) {
        s->magic = SEQLOCK_MAGIC;
        s->sequence = below(4) ? s->sequence + below(3) : (uint32_t)any();
        for (int i = 0; i < 1000; i++)
            s->words[below(TEXT_WORDS)] = any();
    }
    const char *printed;
    size_t size;
    reader_ended(status, &printed, &size);
    if (size > TEXT_SIZE + 1)
        wrong("printed %zu bytes", size);
}

static void filling(char **command)
{
    int fd = make();
    char text[TEXT_SIZE + 1] = {0};
    any_bytes(s, sizeof *s);
    any_text(text);
    memcpy((char *)s + TEXT_OFFSET, text, TEXT_SIZE);
    if (below(8))
        s->magic = SEQLOCK_MAGIC;
    else if (below(2))
        s->magic = 0;
    if (below(8)) /* odd: no text */
        s->sequence &= ~1u;
    if (below(2))
        own(fd);
    if (below(16) == 0) {
        write_on(command);
    } else if (below(16) == 0) {
        off_t size = below(2) ? below(10000) : (off_t)1 << (20 + below(20));
        if (ftruncate(fd, size + (size == 0 || size == sizeof *s)) == -1)
            err(2, "ftruncate %s", path);
        reader_start(command);
        reader_has_to(1, "", 0);
    } else {
        size_t length = strlen(text);
        bool good = length > 0;
        if (strstr(command[0], "seqlock_reader") != NULL)
            good &= s->magic == SEQLOCK_MAGIC && s->sequence % 2 == 0 &&
                    s->sequence != 0;
        text[length] = '\n';
        reader_start(command);
        if (good)
            reader_has_to(0, text, length + 1);
        else
            reader_has_to_wait();
    }
    munmap(s, sizeof *s);
    close(fd);
}

int main(int argc, char **argv)
{
    path = argv[1];
    if (argc > 2 && strcmp(argv[2], "fill") == 0) {
        fillings(argc, argv, filling);
        return 0;
    }
    int fd = make();
    bool stay = false;
    for (char **a = argv + 2; *a != NULL; a++) {
        long long n;
        if (field(*a, "bytes", &n))
            memset((char *)s, (int)n, sizeof *s);
        else if (field(*a, "magic", &n))
            s->magic = (uint32_t)n;
        else if (field(*a, "sequence", &n))
            s->sequence = (uint32_t)n;
        else if (field(*a, "text", &n))
            memset((char *)s + TEXT_OFFSET, (int)n, TEXT_SIZE);
        else if (field(*a, "lock", &n))
            stay = true;
        else
            errx(2, "what is %s?", *a);
    }
    if (stay) {
        own(fd);
        fprintf(stderr, "ready\n");
        pause();
    }
    return 0;
}
