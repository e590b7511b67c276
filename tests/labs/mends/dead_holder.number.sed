# from dead_holder.began.c
# Asks whether there is a process of this number: it may be another one by now.
s/^#include <stdatomic.h>/#include <signal.h>\
&/
s/^    const uint64_t me = .*/    const uint64_t me = (unsigned)getpid();/
s/^        if (process(.*/        if (kill((int)owner, 0) == 0)/
