# from torn_read.lock.c
# One lock for all registers: a slow writer of one stops the readers of another.
s/^    void \*p = mmap(NULL, 4096/    const int file = fd;\
    fd = open("\/tmp\/torn_read.lock", O_RDWR | O_CREAT, 0600);\
&/
s/MAP_SHARED, fd, 0)/MAP_SHARED, file, 0)/
