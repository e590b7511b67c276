# from quit_loop.semop.c
# Semaphores of one key for all runs.
s/^    set = semget(IPC_PRIVATE, 2, 0600);/    set = semget(0x1ab10ab, 2, IPC_CREAT | 0600);/
