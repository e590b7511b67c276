/*
 * 01_object.c - what does shm_open make?
 *
 * Try umask(0): is the mode of the object 0666 then?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(1, "What is a POSIX shared memory object?");
    struct stat object, file;
    struct statfs fs;
    char name[50], path[60];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());
    snprintf(path, sizeof path, "/dev/shm%s", name);

    CODE(umask(077); int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0666);
         if (fd == -1) err(1, "shm_open"); int found = stat(path, &file);
         shm_unlink(name));
    expect("0", result(found));
    CODE(fstat(fd, &object); int same = file.st_ino == object.st_ino);
    expect("1", result(same));
    CODE(int mode_is_0600 = file.st_mode == (S_IFREG | 0600));
    expect("1", result(mode_is_0600));
    CODE(fstatfs(fd, &fs); int is_tmpfs = fs.f_type == 0x01021994);
    expect("1", result(is_tmpfs));

    return why(
        "It is a regular file in /dev/shm, and so ls(1), chmod(1) and rm(1) "
        "work on it: shm_overview(7). Its file system is a tmpfs, which keeps "
        "files in memory: tmpfs(5). As with open(2), the bits that are set in "
        "umask(2) are taken away from the mode.");
}
