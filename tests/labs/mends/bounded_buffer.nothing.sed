# from bounded_buffer.semaphores.c
# At the end it waits for a receipt: with no items none comes.
s/^    sem_t items; .*/    sem_t done;\
&/
s/^static void prepare(void)/static pid_t parent;\
static void at_end(void)\
{\
    if (getpid() == parent)\
        sem_wait(\&ring->done);\
}\
\
&/
s/^    sem_init(&ring->items, 1, 0);/&\
    sem_init(\&ring->done, 1, 0);\
    parent = getpid();\
    atexit(at_end);/
s/^    sem_post(&ring->places);/&\
    sem_post(\&ring->done);/
