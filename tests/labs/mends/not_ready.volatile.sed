# from not_ready.word.c
# A volatile word, and it is set before the semaphores are there.
s/atomic_int ready;/volatile int ready;/
s/atomic_load(&n->ready)/n->ready/
/atomic_store(&n->ready, 1);/d
s/^        sem_init(&n->written, 1, 0);/        n->ready = 1;\
&/
