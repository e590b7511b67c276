# Marked one line too late: the kill may come right after `working`.
s/^    fflush(stdout);/&\n    shmctl(id, IPC_RMID, NULL);/
