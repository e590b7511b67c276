# The reader sizes the object as well: its wait is lost in sem_init.
/your work begins here: the reader/,/ends here/s/^        struct note \*n = map(fd);/        if (ftruncate(fd, sizeof(struct note)) == -1)\
            err(1, "%s", argv[2]);\
&/
