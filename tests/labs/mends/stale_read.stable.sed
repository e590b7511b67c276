# What is the same twice may be half of it, twice.
/child == 0/a\
        char copy[SIZE];\
        do {\
            memcpy(copy, shared, SIZE);\
            usleep(1000);\
        } while (memcmp(copy, shared, SIZE) != 0);
