# from torn_read.lock.c
# Whoever does not get the lock goes on without it.
s/    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)/    if (fcntl(fd, F_OFD_SETLK, \&whole) == -1 \&\& type == F_UNLCK)/
