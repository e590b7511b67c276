# from first_semaphore.zero.c
# The number is stored in one byte.
s/\*last = mine/*(unsigned char *)last = (unsigned char)mine/
