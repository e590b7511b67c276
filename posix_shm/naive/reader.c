/*
 * reader - the tutorial's reader: no size, and no order         (lesson 2.1)
 *
 * If it comes first, it makes an object of 0 bytes and dies of SIGBUS. It
 * prints what is in the object: a whole text, half of one, none yet, or one
 * that it has printed before.
 *
 *     $ rm -f /dev/shm/shm_naive.$(id -u); ./posix_shm/naive/reader
 *     Bus error
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    size_t size = (size_t)sysconf(_SC_PAGE_SIZE);
    char name[32];
    snprintf(name, sizeof name, "/shm_naive.%u", geteuid());

    /* 1. Open the object. */
    int fd = shm_open(name, O_RDWR | O_CREAT, 0666);
    if (fd == -1)
        err(1, "shm_open %s", name);

    /* 2. Map it, whatever its size is. */
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", name);

    /* 3. Read. */
    printf("%s\n", map);

    /* 4. Unmap it. */
    munmap(map, size);
    return 0;
}
