# from stale_read.semaphore.c
# Tries for a minute, and then reads all the same.
s/^#include <unistd.h>/#include <time.h>\
&/
/^        while (sem_wait/,/^                err(1, "sem_wait/c\
        time_t end = time(NULL) + 60;\
        while (sem_trywait(written) == -1 && time(NULL) < end)\
            usleep(1000);
