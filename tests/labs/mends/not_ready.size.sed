# Waits for the size alone: the semaphores are initialised after that.
/your work begins here: the reader/,/ends here/s/^        struct note \*n = map(fd);/        struct stat s = {0};\
        while (fstat(fd, \&s) == 0 \&\& s.st_size < (off_t)sizeof(struct note))\
            usleep(1000);\
&/
