/* alarms - wrong: gives up after an hour, by alarm(2) */
#include "shared.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

static void wake(int number)
{
    (void)number;
}

int main(void)
{
    struct shared *shared = map();
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open("count", O_RDWR | O_CLOEXEC);
    struct sigaction action = {.sa_handler = wake};
    sigaction(SIGALRM, &action, NULL);
    alarm(3600);
    if (fcntl(fd, F_SETLKW, &lock) == -1 && errno != EINTR)
        return 1;
    add(shared);
    return 0;
}
