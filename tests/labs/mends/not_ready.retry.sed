# Catches SIGBUS and tries again: sem_init still comes after the first wait.
s/^#include <semaphore.h>/&\
#include <setjmp.h>\
#include <signal.h>/
s/^static struct note \*map/static sigjmp_buf again;\
static void bus(int signal)\
{\
    (void)signal;\
    usleep(1000);\
    siglongjmp(again, 1);\
}\
\
&/
/your work begins here: the reader/,/ends here/s/^        sem_wait(&n->written);/        signal(SIGBUS, bus);\
        sigsetjmp(again, 1);\
&/
