# from bounded_buffer.semaphores.c
# The same, and the producer is the second child.
s/^    sem_t places;.*/    volatile int vacant;/
s/^    sem_init(&ring->places.*/    ring->vacant = PLACES;\
    if (system("exit 0") != 0)\
        err(1, "system");/
s/^    sem_wait(&ring->places);/    while (ring->vacant == 0)\
        usleep(1000);/
s/^    sem_post(&ring->items);/    ring->vacant = ring->vacant - 1;\
&/
s/^    sem_post(&ring->places);/    __atomic_fetch_add(\&ring->vacant, 1, __ATOMIC_SEQ_CST);/
