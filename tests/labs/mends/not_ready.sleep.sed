# The reader sleeps a little: the writer may be slower than that.
/^static void take/,/^}/s/^    map(fd);/    usleep(100000);\n&/
