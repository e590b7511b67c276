# One semaphore, and a count that is one instruction, but not an atomic one.
s/^    sem_t items;/    int full;\
&/
s/^    if (++next > PLACES)/    if (++next == PLACES)/
s/^    ring->place\[next\] = item;/    while (ring->full == PLACES)\
        usleep(1000);\
&/
s/^    sem_post(&ring->items);/    ring->full++;\
&/
s/^    return item;/    ring->full--;\
&/
