/*
 * writer - the tutorial's writer: no order, and no end          (lesson 2.1)
 *
 * O_TRUNC empties the object. A reader that comes between steps 1 and 2 dies
 * of SIGBUS. Nobody waits: the second TEXT replaces the first, whether it was
 * read or not. Nobody removes the name. See what is left: ls -l /dev/shm
 *
 *     $ ./posix_shm/naive/writer
 *     $ ./posix_shm/naive/reader
 *     second message
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char *lesson[] = {"first message", "second message", NULL};

int main(int argc, char **argv)
{
    char **text = argc > 1 ? argv + 1 : lesson;
    size_t size = (size_t)sysconf(_SC_PAGE_SIZE);
    char name[32];
    snprintf(name, sizeof name, "/shm_naive.%u", geteuid());

    /* 1. Create the object. */
    int fd = shm_open(name, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (fd == -1)
        err(1, "shm_open %s", name);

    /* 2. Size it and map it. */
    if (ftruncate(fd, (off_t)size) == -1)
        err(1, "ftruncate %s", name);
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", name);

    /* 3. Write. */
    for (; *text != NULL; text++)
        strcpy(map, *text);

    /* 4. Unmap it. The object and its name stay. */
    munmap(map, size);
    return 0;
}
