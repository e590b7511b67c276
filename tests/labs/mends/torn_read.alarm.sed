# from torn_read.lock.c
# A reader gives up after three seconds: a deadline by alarm(2).
s/^#include <stdio.h>/#include <signal.h>\
&/
s/^static void lock(short type)/static void ring(int signal)\
{\
    (void)signal;\
}\
\
&/
s/^    if (fcntl(fd, F_OFD_SETLKW, &whole) == -1)/    if (type == F_RDLCK)\
        sigaction(SIGALRM, \&(struct sigaction){.sa_handler = ring}, NULL);\
    if (type == F_RDLCK)\
        alarm(3);\
    (void)fcntl(fd, F_OFD_SETLKW, \&whole);\
    if (type == F_RDLCK)\
        alarm(0);/
/^        err(1, "lock");/d
