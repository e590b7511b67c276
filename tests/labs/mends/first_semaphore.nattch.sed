# Who is alone on the segment sets the value; or nobody, if two come together.
s/^    if (set == -1 || semctl\(.*\))$/    struct shmid_ds now;\n    shmctl(shmget(key, 0, 0), IPC_STAT, \&now);\n    if (set == -1 || (now.shm_nattch == 1 \&\& semctl\1))/
