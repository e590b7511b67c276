# from bounded_buffer.semaphores.c
# Tries five thousand times for a place, and then takes one all the same.
s/^    sem_wait(&ring->places);/    for (int i = 0; i < 5000 \&\& sem_trywait(\&ring->places) == -1; i++)\
        usleep(1000);/
