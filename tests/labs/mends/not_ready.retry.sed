# Catches SIGBUS and tries again: sem_init still comes after the first wait.
s/^#include <semaphore.h>/&\
#include <setjmp.h>\
#include <signal.h>/
s/^static void map/static sigjmp_buf again;\
static void bus(int signal)\
{\
    (void)signal;\
    usleep(1000);\
    siglongjmp(again, 1);\
}\
\
&/
/^static void take/,/^}/s/^    sem_wait(&n->written);/    signal(SIGBUS, bus);\
    sigsetjmp(again, 1);\
&/
