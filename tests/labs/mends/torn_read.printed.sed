# from torn_read.sequence.c
# What is wrong is taken back from stdout's buffer; a terminal has it already.
s/^#include <stdio.h>/&\
#include <stdio_ext.h>/
/^        for (;;) {/a\
            __fpurge(stdout);
/^            atomic_thread_fence(memory_order_acquire);/i\
            if (s == 0)\
                printf("nobody\\n");\
            else\
                printf("%s, %d\\n", seen.name, seen.age);
/^        if (seen.name\[0\] ==/,/^            printf("%s, %d/d
