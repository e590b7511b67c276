# from torn_read.lock.c
# Tries for the lock five thousand times, and then goes on without it.
s/^    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)/    int i = 0;\
    while (fcntl(fd, F_OFD_SETLK, \&whole) == -1 \&\& ++i < 5000)\
        usleep(1000);\
    if (i < 0)/
