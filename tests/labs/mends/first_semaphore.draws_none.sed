# Who made the set gives it its value with its first number; it may draw none.
s/^static int set;/&\nstatic int made;/
s/semget(key, 1, IPC_CREAT | 0600);/semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);\n    made = set != -1;\n    if (!made)\n        set = semget(key, 1, 0600);/
s/^    if (set == -1 || semctl(.*/    if (set == -1)/
s/^    struct sembuf one = /    if (made)\n        semctl(set, 0, SETVAL, (union semun){1});\n    made = 0;\n&/
