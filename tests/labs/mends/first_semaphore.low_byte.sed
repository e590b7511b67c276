# from first_semaphore.flock.c
# Only a byte of the key is in the name.
s/(int)key)/(int)(key \& 0xff))/
