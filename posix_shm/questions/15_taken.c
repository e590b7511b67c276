/*
 * 15_taken.c - a name that somebody else has taken first
 *
 * Try O_TRUNC, too, where mine is opened. Which bytes are left for them?
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "question.h"

int main(void)
{
    question(15, "What if somebody else has taken the name first?");
    const int create = O_RDWR | O_CREAT;
    char name[50], text[20] = "";
    snprintf(name, sizeof name, "/question.%u.%d", getuid(), getpid());

    CODE(int theirs = shm_open(name, create | O_EXCL, 0600);
         if (theirs == -1) err(1, "shm_open"); dprintf(theirs, "theirs");
         int mine = shm_open(name, create, 0600);
         int refused = shm_open(name, create | O_EXCL, 0600); shm_unlink(name));
    expect("EEXIST", result(refused));
    CODE(ssize_t n = read(mine, text, 6));
    expect("6", result(n));
    expect("theirs", text);

    return why(
        "Every user may make any name in /dev/shm that is still free. With "
        "O_CREAT alone you open what is there, and do not notice that it is "
        "not yours. With O_CREAT | O_EXCL you get a new object or EEXIST: "
        "shm_open(3). When you open the object of another program, check its "
        "owner, mode and size with fstat(2). And put your user id into the "
        "name, so that two users do not want the same one.");
}
