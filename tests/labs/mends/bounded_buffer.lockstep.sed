# from bounded_buffer.semaphores.c
# One item at a time: a ring of one place.
s/sem_init(&ring->places, 1, PLACES)/sem_init(\&ring->places, 1, 1)/
