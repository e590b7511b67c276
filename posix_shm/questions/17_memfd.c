/*
 * 17_memfd.c - memory that has no name in any folder
 *
 * Try fchmod(fd, 0), from <sys/stat.h>, before CHILD. Does it stop root, too?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(17, "What is a memfd, and who can open it?");
    char path[50], leads_to[50] = "", text[10] = "";
    int r;

    CODE(int fd = memfd_create("question", MFD_CLOEXEC));
    if (fd == -1)
        return skip("this kernel has no memfd_create(2).");
    dprintf(fd, "some text");
    snprintf(path, sizeof path, "/proc/%d/fd/%d", getpid(), fd);

    CODE(ssize_t n = readlink(path, leads_to, 49));
    expect("/memfd:question (deleted)", leads_to);
    CHILD(close(fd); int other = open(path, O_RDWR); dprintf(other, "SOME"));
    expect("no signal", ended());
    CODE(n = pread(fd, text, 9, 0));
    expect("9", result(n));
    expect("SOME text", text);

    CODE(int twin = memfd_create("question", MFD_CLOEXEC));
    CODE(n = pread(twin, text, 9, 0));
    expect("0", result(n));
    CODE(close(fd); r = open(path, O_RDWR));
    expect("ENOENT", result(r));

    return why(
        "A file in memory, as an object is, but in no folder: "
        "memfd_create(2). Its name is only for people to read, so two may "
        "have the same. /proc/PID/fd leads to it, for its own user only: "
        "proc(5). After the last close there is nothing to remove.");
}
