# from bounded_buffer.semaphores.c
# Four places if stdout is a file, and a hundred on a terminal.
s/^    sem_init(&ring->places, 1, PLACES);/    sem_init(\&ring->places, 1, isatty(1) ? 100 : PLACES);/
