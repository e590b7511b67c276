# Waits for the size alone: the semaphores are initialised after that.
/^static void take/,/^}/s/^    map(fd);/    struct stat s = {0};\
    while (fstat(fd, \&s) == 0 \&\& s.st_size < (off_t)sizeof *n)\
        usleep(1000);\
&/
