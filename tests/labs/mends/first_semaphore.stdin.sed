# from first_semaphore.flock.c
# Locks its input, which may be anything.
s/flock(fd,/flock(0,/
