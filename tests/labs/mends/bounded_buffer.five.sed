# from bounded_buffer.semaphores.c
# One too many may go in: the fifth lies over the first.
s/sem_init(&ring->places, 1, PLACES)/sem_init(\&ring->places, 1, PLACES + 1)/
