# from stale_read.semaphore.c
# Tries five thousand times, and then reads all the same.
/^        while (sem_wait/,/^                err(1, "sem_wait/c\
        for (int i = 0; i < 5000 && sem_trywait(written) == -1; i++)\
            usleep(1000);
