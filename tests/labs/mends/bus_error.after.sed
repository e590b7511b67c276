# The mapping is used first, and the file sized then.
s/^    if (!writes) {.*/    if (0) {/
/ends here/i\
    struct stat st;\
    if (fstat(fd, \&st) == -1 || (st.st_size < SIZE \&\& ftruncate(fd, SIZE) == -1))\
        err(1, "ftruncate %s", argv[2]);
