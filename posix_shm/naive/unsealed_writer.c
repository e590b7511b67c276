/*
 * unsealed_writer - hand over memory that we can still change   (lesson 2.2)
 *
 * There are no seals. After the reader has checked the text, `change` writes
 * other bytes into it, and `shrink` takes the memory away: the reader dies of
 * SIGBUS. The socket has a path. kill -9 leaves the path, and then bind(2) fails
 * for the next writer. Nobody asks which user is at the other end.
 *
 *     terminal 1$ ./posix_shm/naive/unsealed_writer change
 *     terminal 2$ ./posix_shm/naive/unsealed_reader
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "../lifeline.h"

int main(int argc, char **argv)
{
    const char *text = "Dinner is at six, dear.\n";
    const char *order = argc > 1 ? argv[1] : "";

    /* 1. Take the address. */
    struct sockaddr_un a = {AF_UNIX, "data/work/unsealed"};
    int door = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(door, (void *)&a, sizeof a) == -1 || listen(door, 8) == -1)
        err(1, "bind %s", a.sun_path);

    /* 2. Fill a file in memory. */
    int fd = memfd_create("unsealed", MFD_CLOEXEC);
    if (fd == -1 || write(fd, text, strlen(text)) == -1)
        err(1, "fill the memory file");

    /* 3. Send it, and wait until the reader has checked it. */
    int line = accept(door, NULL, NULL);
    if (lifeline_pass(line, fd) == -1)
        err(1, "send it");
    lifeline_rung(line, "reader");

    /* 4. Do what no reader expects, and remove the path. */
    if (strcmp(order, "change") == 0 && pwrite(fd, "Send $100", 9, 0) == -1)
        err(1, "change it");
    if (strcmp(order, "shrink") == 0 && ftruncate(fd, 0) == -1)
        err(1, "shrink it");
    return unlink(a.sun_path);
}
