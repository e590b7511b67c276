# from bus_error.fallocate.c
# A copy that is long enough takes the file's place: who has it mapped sees nothing.
s/^    while ((errno = posix_fallocate.*/    struct stat st;\
    char copy[300], bytes[SIZE] = "";\
    if (fstat(fd, \&st) == 0 \&\& st.st_size < SIZE \&\& pread(fd, bytes, SIZE, 0) >= 0) {\
        snprintf(copy, sizeof copy, "%s.%d", argv[2], (int)getpid());\
        fd = open(copy, O_RDWR | O_CREAT | O_CLOEXEC, 0600);\
        if (write(fd, bytes, SIZE) != SIZE || rename(copy, argv[2]) == -1)\
            err(1, "%s", copy);\
    }/
/^        if (errno != EINTR)/,/^            err(1, "allocate/d
s/^#include <sys\/mman.h>/&\
#include <sys\/stat.h>/
