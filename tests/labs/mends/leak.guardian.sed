# A third process waits for the parent's end, and is killed like all others.
s/^    printf("working.*/    int ends[2];\n    if (pipe(ends) == -1)\n        err(1, "pipe");\n&/
s/^    pid_t child = fork.*/    if (fork() == 0) {\n        char end;\n        close(ends[1]);\n        if (read(ends[0], \&end, 1) != 1)\n            shmctl(id, IPC_RMID, NULL);\n        return 0;\n    }\n&/
s/^    if (child == 0) {/&\n        close(ends[1]);/
