# from first_semaphore.flock.c
# The lock has the name of the key as it was typed: 4711 is 0x1267.
s/%d", (int)key/%s", argv[1]/
