# Takes a lock: a hostile writer does not.
s/^#include <sys\/mman.h>/#include <sys\/file.h>\
&/
s/^    if (!writes) {/&\
        if (flock(fd, LOCK_EX) == -1)\
            err(1, "flock");/
