# from bounded_buffer.semaphores.c
# All is printed, and the producer ends with an error.
s/^static void prepare(void)/static pid_t parent;\
static void at_end(void)\
{\
    if (getpid() != parent)\
        _exit(3);\
}\
\
&/
s/^    sem_init(&ring->items, 1, 0);/&\
    parent = getpid();\
    atexit(at_end);/
s/^        _exit(0);/        exit(0);/
