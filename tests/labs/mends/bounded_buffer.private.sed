# from bounded_buffer.semaphores.c
# Semaphores for the threads of one process: the other one is not woken.
s/sem_init(&ring->\([a-z]*\), 1,/sem_init(\&ring->\1, 0,/
