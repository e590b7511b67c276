# from quit_loop.semop.c
# A hundred times a second a timer wakes it for nothing.
s/^    if (semop(set, &one, 1) == -1)/    while (semop(set, \&one, 1) == -1 \&\& errno == EINTR)\n        continue;\n    if (0)/
s/^int main/static void tick(int number)\n{\n    (void)number;\n}\n\n&/
s/^    pid_t child = fork();/&\n    if (child == 0) {\n        signal(SIGALRM, tick);\n        setitimer(ITIMER_REAL, \&(struct itimerval){{0, 10000}, {0, 10000}}, NULL);\n    }/
s/^#include <err.h>/&\n#include <errno.h>\n#include <signal.h>\n#include <sys\/time.h>/
