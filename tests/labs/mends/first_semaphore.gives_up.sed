# from first_semaphore.zero.c
# It waits a second for its turn, and then goes in without one.
1s/^/#define _GNU_SOURCE\n#include <errno.h>\n/
s/^    if (semop(set, steps, 2) == -1)/    struct timespec second = {1, 0};\n    if (semtimedop(set, steps, 2, \&second) == -1 \&\& errno != EAGAIN)/
