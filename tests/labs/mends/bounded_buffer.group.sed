# from bounded_buffer.counters.c
# Wakes the other one with a signal, and all else in its pipeline or script as well.
s/^#include <err.h>/&\
#include <signal.h>/
s/^static void prepare(void)/static sigset_t news;\
static void sleep_on(void)\
{\
    int one;\
    sigwait(\&news, \&one);\
}\
\
&/
s/^    \/\* new memory is 0 \*\//    sigemptyset(\&news);\
    sigaddset(\&news, SIGUSR1);\
    sigprocmask(SIG_BLOCK, \&news, NULL);/
s/^        usleep(1000);/        sleep_on();/
s/^    atomic_store(.*/&\
    kill(0, SIGUSR1);/
