# from bounded_buffer.semaphores.c
# Looks for five seconds by times(2), and then stores all the same.
s/^#include <sys\/mman.h>/&\
#include <sys\/times.h>/
s/^    sem_wait(&ring->places);/    struct tms t;\
    clock_t end = times(\&t) + 5 * sysconf(_SC_CLK_TCK);\
    while (sem_trywait(\&ring->places) == -1 \&\& times(\&t) < end)\
        usleep(1000);/
