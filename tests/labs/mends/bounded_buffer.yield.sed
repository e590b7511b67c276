# The producer lets the other one run, if that one can.
s/^#include <semaphore.h>/#include <sched.h>\
&/
s/^    if (++next > PLACES)/    if (++next == PLACES)/
s/^    sem_post(&ring->items);/&\
    for (int i = 0; i < 100; i++)\
        sched_yield();/
