# The reader sizes the object as well: its wait is lost in sem_init.
/^static void take/,/^}/s/^    map(fd);/    if (ftruncate(fd, sizeof *n) == -1)\
        err(1, "%s", name);\
&/
