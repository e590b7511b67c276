# from stale_read.semaphore.c
# The note is there when its first letter is, and that comes last: an empty one has none.
s/^    pid_t child = fork();/    shared[0] = '\\0';\
&/
/^        while (sem_wait/,/^                err(1, "sem_wait/c\
        while (!*(volatile char *)shared)\
            usleep(1000);
s/^    strcpy(shared, text);/    if (*text)\
        strcpy(shared + 1, text + 1);\
    __sync_synchronize();\
    *(volatile char *)shared = *text;/
