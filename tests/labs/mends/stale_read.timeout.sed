# from stale_read.semaphore.c
# It waits for a second, and then goes on as if the bell had rung.
s/#include <unistd.h>/#include <time.h>\n&/
s/while (sem_wait(written) == -1)/struct timespec until = {.tv_sec = time(NULL) + 1};\
        if (sem_timedwait(written, \&until) == -1)/
s/errno != EINTR/errno != ETIMEDOUT/
