# ftruncate(2) makes a file longer, and a longer one shorter.
/^    if (!writes) {/i\
    if (writes && ftruncate(fd, SIZE) == -1)\
        err(1, "ftruncate %s", argv[2]);
