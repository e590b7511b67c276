# Removed before it is attached: it is gone at once, and so is the run.
s/^    long \*squares/    shmctl(id, IPC_RMID, NULL);\n&/
/^    shmctl(id, IPC_RMID, NULL);$/d
