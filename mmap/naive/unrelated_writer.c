/*
 * unrelated_writer - the tutorial's writer: no size, no lock    (lesson 1.4)
 *
 * If the file is still empty, the first strcpy(3) is a SIGBUS. A reader that
 * looks in the middle of a strcpy gets half of a text; after kill -9 all do.
 * Two TEXTs take turns without a pause, so that you need not wait for it.
 *
 *     $ rm -f data/work/naive; ./mmap/naive/unrelated_writer
 *     Bus error
 *     terminal 1$ ./mmap/naive/unrelated_reader | tr -s 01
 *     terminal 2$ ./mmap/naive/unrelated_writer data/work/naive \
 *                 $(printf '%03000d ' 0) $(printf '%03000d ' 0 | tr 0 1)
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *text = "hello parent, i am your 朋友！！！\n";
    const char *path = argc > 1 ? argv[1] : "data/work/naive";

    /* 1. Open the file and map it. */
    int fd = open(path, O_RDWR | O_CREAT, 0664);
    if (fd == -1)
        err(1, "open %s", path);
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap %s", path);

    /* 2. Write. */
    char *shown = map + 1024;
    for (int n = 0;; n = !n) {
        strcpy(shown, argc == 4 ? argv[2 + n] : text);
        if (argc != 4)
            sleep(2);
    }

    /* 3. Unmap it: never reached, and 8192 is not what was mapped. */
    munmap(map, 8192);
    return 0;
}
