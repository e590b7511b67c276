/*
 * 08_outlives.c - an object whose maker has ended
 *
 * Try raise(SIGKILL) after dprintf: is the text lost?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

static int make(const char *name)
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd == -1)
        err(1, "shm_open");
    dprintf(fd, "from a child");
    return 0;
}

int main(void)
{
    question(8, "Does an object outlive the process that made it?");
    char name[50], text[20] = "";
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(if (fork() == 0) _exit(make(name)); const char *how = ended();
         if (unexpected) errx(1, "no object");
         int fd = shm_open(name, O_RDONLY, 0); shm_unlink(name));
    expect("no signal", how);
    CODE(ssize_t n = read(fd, text, 12));
    expect("12", result(n));
    expect("from a child", text);

    return why(
        "Yes. The object has a name, so it stays until shm_unlink, or until the "
        "machine is shut down: shm_overview(7). So what a program leaves when "
        "it crashes takes up memory until someone removes it. `ls -l "
        "/dev/shm` shows what is there. Question 14 shows who may remove it.");
}
