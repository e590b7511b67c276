# It does not read what is there but waits for what it expects, in plain memory.
/child == 0/a\
        while (strncmp(shared, text, SIZE) != 0)\
            usleep(1000);
