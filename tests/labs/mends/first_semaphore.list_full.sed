# from first_semaphore.zero.c
# Each process signs a list of eight, and nobody is taken off it.
s/semget(key, 1,/semget(key, 9,/
s/^    for (int i = /    unsigned short n = 1;\n    while (n < 9 \&\& semctl(set, n, GETVAL) != 0)\n        n++;\n    struct sembuf sign = {n, 1, 0};\n    if (semop(set, \&sign, 1) == -1)\n        err(1, "the list");\n&/
