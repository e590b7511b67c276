/*
 * 05_names.c - names that shm_open accepts, and names that it refuses
 *
 * Try "/." in place of "/". The error tells you what that name leads to.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(5, "Which names may an object have?");
    const int create = O_RDWR | O_CREAT | O_EXCL;
    char name[50], too_long[300] = "/";
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());
    memset(too_long + 1, 'x', 256);
    int fd;

    CODE(fd = shm_open("/question/x", create, 0600));
    expect("EINVAL", result(fd));
    CODE(fd = shm_open("/", create, 0600));
    expect("EINVAL", result(fd));
    CODE(fd = shm_open(too_long, create, 0600));
    /* EINVAL comes from glibc before 2.34. */
    expect(errno == EINVAL ? "EINVAL" : "ENAMETOOLONG", result(fd));

    CODE(fd = shm_open(name + 1, create, 0600);
         if (fd == -1) err(1, "shm_open"); int r = shm_unlink(name));
    expect("0", result(r));
    CODE(fd = shm_open(name, O_RDWR, 0));
    expect("ENOENT", result(fd));

    return why(
        "A name is the name of a file in /dev/shm: 1 to 255 bytes, and no "
        "path. shm_open(3) wants a slash before it. Linux can do without: "
        "name + 1 and name lead to the same object. Write the slash anyway, "
        "because other systems may need it.");
}
