# from bounded_buffer.semaphores.c
# `many--` is one atomic step, `many = many - 1` is two: what is put between is lost.
s/^    sem_t items; .*/    _Atomic int many;/
/^    sem_t places;/d
/^    sem_init/d
s/^    sem_wait(&ring->places);/    while (ring->many == PLACES)\
        usleep(1000);/
s/^    sem_post(&ring->items);/    ring->many++;/
s/^    sem_wait(&ring->items);/    while (ring->many == 0)\
        usleep(1000);/
s/^    sem_post(&ring->places);/    ring->many = ring->many - 1;/
