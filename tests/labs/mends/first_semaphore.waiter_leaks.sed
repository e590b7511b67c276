# from first_semaphore.zero.c
# Who has to wait makes a set of its own, and leaves it.
s/^    struct sembuf steps.*/    struct sembuf steps[] = {{0, 0, IPC_NOWAIT}, {0, 1, SEM_UNDO | IPC_NOWAIT}};\n    if (semop(set, steps, 2) == 0)\n        return;\n    semget(IPC_PRIVATE, 1, 0600);\n    steps[0].sem_flg = 0;\n    steps[1].sem_flg = SEM_UNDO;/
