# To the end of the text is less than 4096 bytes.
/^    if (!writes) {/i\
    struct stat now;\
    off_t end = writes ? OFFSET + (off_t)strlen(argv[3]) + 1 : 0;\
    if (fstat(fd, \&now) == -1 || (now.st_size < end \&\& ftruncate(fd, end) == -1))\
        err(1, "ftruncate %s", argv[2]);
