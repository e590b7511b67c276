/*
 * 22_root.c - may root open what belongs to another user?
 *
 * Try it with `sysctl fs.protected_regular=1`, or 0, on a machine of your own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(22, "May root open every object?");
    if (geteuid() != 0)
        return skip("you are not root.");
    char name[50];
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
         if (fd == -1) err(1, "shm_open"); int given = fchown(fd, 65534, 65534);
         int without = shm_open(name, O_RDWR, 0);
         int with = shm_open(name, O_RDWR | O_CREAT, 0600); shm_unlink(name));
    if (given == -1)
        return skip("this root may not give a file to another user.");
    CODE(int refused = without == -1);
    expect("0", result(refused));

    CODE(int r = system("grep -q [12] /proc/sys/fs/protected_regular"));
    CODE(refused = with == -1);
    expect(r == 0 ? "1" : "0", result(refused));

    return why(
        "Without O_CREAT, yes. With O_CREAT, it depends: if "
        "fs.protected_regular is 1 or 2, the kernel refuses with EACCES to "
        "open a file of another user in a folder like /dev/shm, and that "
        "holds for root, too: proc(5). So give O_CREAT only when you mean to "
        "create the object.");
}
