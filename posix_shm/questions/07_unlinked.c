/*
 * 07_unlinked.c - an object whose name is removed while it is mapped
 *
 * Try open("/proc/self/fd/3", O_RDWR) in place of shm_open(name, O_RDWR, 0).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(7, "What does shm_unlink do while the object is mapped?");
    const int create = O_RDWR | O_CREAT | O_EXCL;
    struct stat old, new;
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, create, 0600);
         if (fd == -1) err(1, "shm_open"); dprintf(fd, "some text");
         char *p = mmap(NULL, 10, PROT_READ, MAP_SHARED, fd, 0);
         shm_unlink(name); int again = shm_open(name, O_RDWR, 0));
    expect("ENOENT", result(again));
    CHILD(expect("some text", p));
    expect("no signal", ended());

    CODE(fstat(fd, &old); int has_memory = old.st_blocks > 0);
    expect("1", result(has_memory));
    CODE(nlink_t names = old.st_nlink);
    expect("0", result((long)names));

    CODE(again = shm_open(name, create, 0600);
         if (again == -1) err(1, "shm_open"); shm_unlink(name));
    CODE(fstat(again, &new); int same = old.st_ino == new.st_ino);
    expect("0", result(same));
    return why(
        "It removes the name only: shm_open(3). The memory goes with the last "
        "descriptor and the last mapping. An object that is made under the "
        "same name later is another one. st_nlink 0 tells you that your "
        "object has no name any more.");
}
