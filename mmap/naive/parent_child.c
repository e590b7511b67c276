/*
 * parent_child - the tutorial's parent and child: nobody waits  (lesson 1.3)
 *
 * Sometimes the child reads first, and prints the old bytes of the file. With
 * `./mmap/naive/parent_child FILE slow` the parent is a second late: always.
 * A second run on the same FILE hides it, for the text is there already.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *text = "你是我儿子吗？";
    const char *path = argc > 1 ? argv[1] : "data/work/english.txt";

    /* 1. Map the file for the text. */
    int fd = open(path, O_RDWR);
    size_t size = (size_t)lseek(fd, 0, SEEK_END);
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "map %s", path);

    /* 3. Fork. Both processes have the mapping. */
    pid_t child = fork();
    if (child == -1)
        err(1, "fork");

    /* 4. The child: read. */
    if (child == 0) {
        printf("%s\n", map);
        return 0;
    }

    /* 5. The parent: write, wait until the child has ended. */
    sleep(argc > 2); /* slow */
    strcpy(map, text);
    wait(NULL);
    return 0;
}
