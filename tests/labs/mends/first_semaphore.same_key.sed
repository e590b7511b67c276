# from first_semaphore.zero.c
# The set has one key for all: `remove` of one key takes it from all others.
s/set = semget(key,/set = semget(0x4711,/
