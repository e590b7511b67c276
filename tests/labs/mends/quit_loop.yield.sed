# Who offers the processor to others and has it back at once burns it as well.
s/^    int full;/    _Atomic int full;/
s/^        ;$/        sched_yield();/
s/^#include <err.h>/&\n#include <sched.h>/
