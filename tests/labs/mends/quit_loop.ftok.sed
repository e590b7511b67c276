# from quit_loop.semop.c
# ftok(3) takes only the last 8 bits of the id: every 256th process has this key.
s/^    set = semget(IPC_PRIVATE, 2, 0600);/    set = semget(ftok("\/", getpid()), 2, IPC_CREAT | 0600);/
