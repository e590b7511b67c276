# The signal may come between the question and pause(2): then nobody wakes it.
s/#include <stdio.h>/#include <signal.h>\n&/
s/^int main/static volatile sig_atomic_t written;\
static void bell(int signal)\
{\
    (void)signal;\
    written = 1;\
}\
\
&/
/pid_t child/i\
    signal(SIGUSR1, bell);
/child == 0/a\
        while (!written)\
            pause();
/strcpy(shared, text)/a\
    kill(child, SIGUSR1);
