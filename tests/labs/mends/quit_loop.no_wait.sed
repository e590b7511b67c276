# from quit_loop.sem_t.c
# The parent ends before the last line is printed: the shell goes on too early.
/waitpid(/d
