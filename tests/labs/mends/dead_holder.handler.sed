# Gives the pen back in a handler: there is none for SIGKILL.
s/^#include <pthread.h>/&\
#include <signal.h>/
s/^static void sign(/static void give_back(int signal)\
{\
    (void)signal;\
    pthread_mutex_unlock(\&book->pen);\
    _exit(1);\
}\
\
&/
s/^    book->letters += (int)strlen(who);/    signal(SIGTERM, give_back);\
    signal(SIGINT, give_back);\
&/
