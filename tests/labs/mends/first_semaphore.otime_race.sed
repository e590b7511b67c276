# Nobody has used it yet: two may see that, and the later SETVAL comes too late.
s/^    int val;/&\n    struct semid_ds *buf;/
s/^    if (set == -1 || semctl.*/    struct semid_ds now = {.sem_otime = 0};\n    semctl(set, 0, IPC_STAT, (union semun){.buf = \&now});\n    if (set == -1 ||\n        (now.sem_otime == 0 \&\& semctl(set, 0, SETVAL, (union semun){1}) == -1))/
