/* locks - right: the kernel takes the lock back when its holder dies */
#include "shared.h"
#include <sys/file.h>

int main(void)
{
    struct shared *shared = map();
    int fd = open("count", O_RDWR | O_CLOEXEC);
    flock(fd, LOCK_EX);
    add(shared);
    return 0;
}
