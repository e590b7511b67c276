# The next run removes what this one has left: until then it is there.
s/^    int id = shmget.*/    int id = shmget((key_t)getuid() + 0x6c6162, 0, 0);\n    if (id != -1)\n        shmctl(id, IPC_RMID, NULL);\n    id = shmget((key_t)getuid() + 0x6c6162, size, IPC_CREAT | 0600);/
