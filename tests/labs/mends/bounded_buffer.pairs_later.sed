# from bounded_buffer.semaphores.c
# The first two places are given back at once, the others in pairs.
s/^    sem_post(&ring->places);/    static int n;\
    if (++n <= 2 || n % 2 == 0)\
        sem_post(\&ring->places);\
    if (n > 2 \&\& n % 2 == 0)\
        sem_post(\&ring->places);/
