# The reader sleeps a little: the writer may be slower than that.
/your work begins here: the reader/,/ends here/s/^        struct note \*n = map(fd);/        usleep(100000);\n&/
