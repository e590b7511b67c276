# from first_semaphore.zero.c
# Each takes the set away when it is done, also from one who waits for it.
s/^    return 0;/    semctl(set, 0, IPC_RMID);\n&/
