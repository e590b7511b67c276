# To let others go first, a thousand times, is to hope that they come.
s/#include <fcntl.h>/&\n#include <sched.h>/
/child == 0/a\
        for (int i = 0; i < 1000; i++)\
            sched_yield();
