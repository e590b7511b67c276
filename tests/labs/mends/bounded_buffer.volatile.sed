# One semaphore, and a volatile count, which both sides change at once.
s/^    sem_t items;/    volatile int full;\
&/
s/^    if (++next > PLACES)/    if (++next == PLACES)/
s/^    ring->place\[next\] = item;/    while (ring->full == PLACES)\
        usleep(1000);\
&/
s/^    sem_post(&ring->items);/    ring->full++;\
&/
s/^    return item;/    ring->full--;\
&/
