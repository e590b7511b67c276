# To see that the file is too short, and to give up, is no notice for anybody.
/^    if (!writes) {/i\
    struct stat now;\
    if (writes \&\& (fstat(fd, \&now) == -1 || now.st_size < SIZE))\
        return 0;
