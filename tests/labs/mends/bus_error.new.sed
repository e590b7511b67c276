# Who creates the file sizes it: but it may be there already, and be too short.
/^    int fd = open/c\
    int fd = open(argv[2], O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);\
    if (fd != -1 \&\& ftruncate(fd, SIZE) == -1)\
        err(1, "ftruncate %s", argv[2]);\
    if (fd == -1)\
        fd = open(argv[2], O_RDWR | O_CLOEXEC);
