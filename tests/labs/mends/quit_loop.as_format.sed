# from quit_loop.sem_t.c
# The line is a format: "100%" is one, too, and not a text.
s/fputs(line, stdout)/printf(line)/
