# from not_ready.word.c
# The writer waits a second for the reader, and no longer.
s/^#include <unistd.h>/#include <time.h>\
&/
s/^        sem_wait(&n->taken);/        struct timespec end;\
        clock_gettime(CLOCK_REALTIME, \&end);\
        end.tv_sec++;\
        sem_timedwait(\&n->taken, \&end);/
