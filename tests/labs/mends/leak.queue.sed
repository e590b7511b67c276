# from leak.anonymous.c
# The memory goes with the processes, and a message queue does not.
s/^#include <sys\/mman.h>/&\
#include <sys\/msg.h>/
s/^    printf("working\\n");/    int queue = msgget(IPC_PRIVATE, 0600);\
&/
s/^    printf("%ld\\n", sum);/&\
    msgctl(queue, IPC_RMID, NULL);/
