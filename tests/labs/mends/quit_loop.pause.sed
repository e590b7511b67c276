# The signal may come between the look and pause(2): then it sleeps for ever.
s/^    int full;/    _Atomic int full;/
s/^        ;$/        pause();/
s/^    shared->full = [01];/&\n    kill(other, SIGUSR1);/
s/^#include <err.h>/&\n#include <signal.h>/
s/^int main/static void woken(int number)\n{\n    (void)number;\n}\n\n&/
s/^    pid_t child = fork();/    signal(SIGUSR1, woken);\n&\n    other = child ? child : getppid();/
s/^struct shared/static pid_t other;\n&/
