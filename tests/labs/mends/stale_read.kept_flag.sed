# A flag in the file: the first run rings the bell for all that come later.
s/#include <fcntl.h>/&\n#include <stdatomic.h>/
s/enum { SIZE = 4096 };/enum { SIZE = 4096 + sizeof(int) };/
/pid_t child/i\
    atomic_int *written = (atomic_int *)(shared + 4096);
/child == 0/a\
        while (!atomic_load(written))\
            usleep(1000);
/strcpy(shared, text)/a\
    atomic_store(written, 1);
