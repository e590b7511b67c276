# from bounded_buffer.semaphores.c
# The producer's own step on the free places is no atomic one: a place gets lost.
s/^    sem_t places;.*/    volatile int vacant;/
s/^    sem_init(&ring->places.*/    ring->vacant = PLACES;/
s/^    sem_wait(&ring->places);/    while (ring->vacant == 0)\
        usleep(1000);/
s/^    sem_post(&ring->items);/    ring->vacant = ring->vacant - 1;\
&/
s/^    sem_post(&ring->places);/    __atomic_fetch_add(\&ring->vacant, 1, __ATOMIC_SEQ_CST);/
