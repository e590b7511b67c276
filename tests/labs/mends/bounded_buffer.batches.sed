# from bounded_buffer.semaphores.c
# Fills the ring, and fills it again when it is empty: one taken, none put.
/^static int take/,/^}/s/^    sem_post(&ring->places);/    if (next == 0)\
        for (int i = 0; i < PLACES; i++)\
            sem_post(\&ring->places);/
