# The first byte that is new is there before the last one; and with the same TEXT
# none ever changes.
/pid_t child/i\
    char old = shared[0];
/child == 0/a\
        while (*(volatile char *)shared == old)\
            usleep(1000);
