# from torn_read.lock.c
# Tries for the lock for a minute, and then goes on without it.
s/^#include <unistd.h>/#include <time.h>\
&/
s/^    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)/    time_t end = time(NULL) + 60;\
    while (fcntl(fd, F_OFD_SETLK, \&whole) == -1 \&\& time(NULL) < end)\
        usleep(1000);\
    if (end == 0)/
