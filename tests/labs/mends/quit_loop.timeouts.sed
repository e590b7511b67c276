# from quit_loop.semop.c
# A hundred times a second it wakes, to look whether anything has happened.
s/^    while (semop(set, &one, 1) == -1)/    struct timespec t = {.tv_nsec = 10000000};\n    while (semtimedop(set, \&one, 1, \&t) == -1 \&\& by < 0)\n        continue;\n    while (0)/
1s/^/#define _GNU_SOURCE\n#include <time.h>\n/
