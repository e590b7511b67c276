# from first_semaphore.zero.c
# An alarm ends its wait after five seconds, and it goes in without a turn.
s/^#include <err.h>/&\n#include <errno.h>\n#include <signal.h>/
s/^#include <sys\/shm.h>/&\n#include <unistd.h>/
s/^static int set;/&\n\nstatic void wake(int signal)\n{\n    (void)signal;\n}/
s/^    if (semop(set, steps, 2) == -1)/    struct sigaction action = {.sa_handler = wake};\n    sigaction(SIGALRM, \&action, NULL);\n    alarm(5);\n    if (semop(set, steps, 2) == -1 \&\& errno != EINTR)/
