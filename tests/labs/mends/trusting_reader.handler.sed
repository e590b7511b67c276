# Catches the signal: what came out before is out, and not all that is wrong kills.
s/^#include <stdatomic.h>/#include <signal.h>\
&/
s/^static void take/static void caught(int signal)\
{\
    (void)signal;\
    _exit(3);\
}\
\
&/
s/^    static char copy.*/&\
    signal(SIGSEGV, caught);\
    signal(SIGBUS, caught);/
