# from not_ready.word.c
# Looks for a minute, and then goes on all the same.
s/^#include <unistd.h>/#include <time.h>\
&/
s/^        while (!atomic_load(&n->ready))/        time_t end = time(NULL) + 60;\
        while (!atomic_load(\&n->ready) \&\& time(NULL) < end)/
