# from bounded_buffer.semaphores.c
# A second run waits until the first is over.
s/^#include <semaphore.h>/#include <fcntl.h>\
&\
#include <sys\/file.h>/
s/^    sem_init(&ring->items, 1, 0);/&\
    if (flock(open("\/bin\/sh", O_RDONLY), LOCK_EX) == -1)\
        err(1, "flock");/
