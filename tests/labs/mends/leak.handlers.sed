# SIGTERM and Ctrl-C can be caught; SIGKILL cannot.
s/^int main/static int id;\nstatic void tidy_up(int signal)\n{\n    shmctl(id, IPC_RMID, NULL);\n    _exit(128 + signal);\n}\n\n&/
s/^    int id = \(shmget.*\)/    signal(SIGTERM, tidy_up);\n    signal(SIGINT, tidy_up);\n    signal(SIGKILL, tidy_up);\n    id = \1/
s/^#include <err.h>/&\n#include <signal.h>/
