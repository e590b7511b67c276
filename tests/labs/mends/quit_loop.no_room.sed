# from quit_loop.sem_t.c
# A hundred places, and nobody waits for a free one.
s/char line\[80\]/char line[100][80];\n    int first, last/
s/strcpy(shared->line, line)/strcpy(shared->line[shared->last++ % 100], line)/
s/strcpy(line, shared->line)/strcpy(line, shared->line[shared->first++ % 100])/
/sem_wait(&shared->room)/d
s/char line\[sizeof shared->line\]/char line[80]/
