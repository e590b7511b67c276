# from quit_loop.sem_t.c
# What has no newline at its end is no line for it: the last one is lost.
s/if (!fgets(line, sizeof line, stdin))/if (!fgets(line, sizeof line, stdin) || !strchr(line, 10))/
