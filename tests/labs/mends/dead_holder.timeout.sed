# Waits two seconds for the pen, and then goes on without it.
s/^#include <unistd.h>/#include <time.h>\
&/
s/^static void sign(/static void take_pen(void)\
{\
    struct timespec end;\
    clock_gettime(CLOCK_REALTIME, \&end);\
    end.tv_sec += 2;\
    pthread_mutex_timedlock(\&book->pen, \&end);\
    book->letters = 0;\
    for (int i = 0; i < book->guests; i++)\
        book->letters += (int)strlen(book->name[i]);\
}\
\
&/
s/pthread_mutex_lock(&book->pen);/take_pen();/
