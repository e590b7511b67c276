# from first_semaphore.flock.c
# The lock is in the current folder, and two programs may have two of them.
s/"\/tmp\//"/
