# from torn_read.set.c
# A semop(2) that has ended with EINTR has not changed the semaphore.
s/^    while (semop(set/    if (semop(set/
