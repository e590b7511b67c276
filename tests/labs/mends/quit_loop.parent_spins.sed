# from quit_loop.sem_t.c
# Only the child sleeps; the parent looks for room in a loop.
s/sem_wait(&shared->room)/while (sem_trywait(\&shared->room) == -1)\n        ;/
