# Marked in time, but found by a key: two runs have one segment.
s/^    int id = shmget(IPC_PRIVATE, size, 0600)/    int id = shmget(0x6c616200 + (key_t)getuid(), size, IPC_CREAT | 0600)/
s/^        err(1, "segment of.*/&\n    shmctl(id, IPC_RMID, NULL);/
