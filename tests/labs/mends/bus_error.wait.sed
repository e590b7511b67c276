# The writer waits until a reader has sized the file, if need be for ever.
/^    if (!writes) {/i\
    struct stat now = {0};\
    while (writes \&\& now.st_size < SIZE) {\
        fstat(fd, \&now);\
        usleep(1000);\
    }
