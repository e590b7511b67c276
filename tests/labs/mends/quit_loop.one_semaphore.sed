# from quit_loop.sem_t.c
# Nobody waits for room: a line is written over one that was not taken yet.
s/sem_wait(&shared->room)/(void)shared->room/
