# A flag that is no shared memory: the child has its own, and waits for ever.
s/#include <fcntl.h>/&\n#include <stdatomic.h>/
s/^int main/static atomic_int written;\
\
&/
/child == 0/a\
        while (!atomic_load(\&written))\
            usleep(1000);
/strcpy(shared, text)/a\
    atomic_store(\&written, 1);
