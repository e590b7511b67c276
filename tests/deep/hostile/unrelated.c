/*
 * unrelated.c - files for unrelated_reader that no unrelated_writer wrote
 *
 *     unrelated FILE [FIELD=NUMBER]...
 *     unrelated FILE fill COUNT SEED ./mmap/unrelated_reader -n 1 -t 0 FILE
 *
 * FIELD is magic, sequence, or text: the byte that fills it to the last one of
 * the file; 0x31716573, 2 and 0 if not said. bytes=N puts N into each byte.
 * With lock=1 the helper has the owner's lock, until it is killed.
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <sys/mman.h>

#include "../../../mmap/unrelated.h"

static const char *path;
static struct unrelated *u;

static int make(void)
{
    unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *u) == -1)
        err(2, "%s", path);
    u = mmap(NULL, sizeof *u, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (u == MAP_FAILED)
        err(2, "mmap %s", path);
    u->magic = UNRELATED_MAGIC;
    u->sequence = 2;
    return fd;
}

static void own(int fd)
{
    struct flock lock = owner_lock();
    if (fcntl(fd, F_OFD_SETLK, &lock) == -1)
        err(2, "lock %s", path);
}

static void any_text(char *text)
{
    any_bytes(text, TEXT_SIZE);
    if (below(2)) /* then no NUL; else the first comes soon */
        for (int i = 0; i < TEXT_SIZE; i++)
            text[i] = (char)(text[i] == 0 ? 'a' : text[i]);
}

/* As a writer that knows nothing of a lock. */
static void write_on(char **command)
{
    reader_start(command);
    int status;
    while (!reader_ends(0, &status)) {
        u->sequence = below(4) ? u->sequence + below(3) : (uint32_t)any();
        for (int i = 0; i < 1000; i++)
            u->text[below(TEXT_WORDS)] = any();
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
    any_bytes(u, sizeof *u);
    any_text(text);
    memcpy((char *)u + TEXT_OFFSET, text, TEXT_SIZE);
    if (below(8))
        u->magic = UNRELATED_MAGIC;
    else if (below(2))
        u->magic = 0;
    if (below(16)) /* odd costs the reader its 100000 tries */
        u->sequence &= ~1u;
    if (below(2))
        own(fd);
    if (below(16) == 0) {
        write_on(command);
    } else if (below(16) == 0) {
        off_t size = below(2) ? below(10000) : (off_t)1 << (20 + below(20));
        if (ftruncate(fd, size + (size == sizeof *u)) == -1)
            err(2, "ftruncate %s", path);
        reader_start(command);
        reader_has_to(1, "", 0);
    } else {
        bool good = u->magic == UNRELATED_MAGIC && u->sequence % 2 == 0 &&
                    u->sequence != 0;
        size_t length = strlen(text);
        text[length] = '\n';
        reader_start(command);
        reader_has_to(!good, text, good ? length + 1 : 0);
    }
    munmap(u, sizeof *u);
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
            memset(u, (int)n, sizeof *u);
        else if (field(*a, "magic", &n))
            u->magic = (uint32_t)n;
        else if (field(*a, "sequence", &n))
            u->sequence = (uint32_t)n;
        else if (field(*a, "text", &n))
            memset((char *)u + TEXT_OFFSET, (int)n, TEXT_SIZE);
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
