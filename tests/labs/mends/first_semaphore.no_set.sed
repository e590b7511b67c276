# from first_semaphore.zero.c
# `remove` of a key that nobody has used leaves the segment.
s/semget(key, 1, IPC_CREAT | 0600)/semget(key, 1, strcmp(argv[2], "remove") ? IPC_CREAT | 0600 : 0)/
