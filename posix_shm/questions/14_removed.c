/*
 * 14_removed.c - an object that somebody else removes
 *
 * Try fchmod(fd, 0) before fork: may the child still remove the name?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(14, "Does an object always live until a reboot?");
    char name[50], text[20] = "";
    struct stat st;
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open"); dprintf(fd, "some text");
         if (fork() == 0) _exit(shm_unlink(name)); const char *how = ended();
         int again = shm_open(name, O_RDWR, 0));
    expect("ENOENT", result(again));
    expect("no signal", how);

    CODE(ssize_t n = pread(fd, text, 9, 0));
    expect("9", result(n));
    CODE(fstat(fd, &st); int names = (int)st.st_nlink);
    expect("0", result(names));
    if (system("grep -rhs ^RemoveIPC= /etc/systemd/logind.conf*") != 0)
        say("RemoveIPC", "is not set on this machine. The default is yes.");

    return why(
        "No. Every process of the same user may remove the name. systemd's "
        "logind does it when you have logged out from your last session: "
        "RemoveIPC in logind.conf(5). It spares root and other system users. "
        "A process that has the object goes on with it, and a new one finds "
        "nothing. In fstat(2), st_nlink is 0 then.");
}
