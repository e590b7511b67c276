# Is there a set? No: make one. Another may make it between the two.
s/^    set = semget(key, 1, IPC_CREAT | 0600);/    int there = semget(key, 1, 0600) != -1;\n&/
s/^    if (set == -1 || semctl\(.*\))$/    if (set == -1 || (!there \&\& semctl\1))/
