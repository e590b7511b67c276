# from torn_read.lock.c
# A lock for each path; but register and ./register are one file.
s/^    void \*p = mmap(NULL, 4096/    const int file = fd;\
    char name[4200] = "";\
    strcpy(name, path);\
    for (char *c = name; *c; c++)\
        *c = *c == '\/' ? '_' : *c;\
    strcat(name, ".lock");\
    fd = open(name, O_RDWR | O_CREAT, 0600);\
&/
s/MAP_SHARED, fd, 0)/MAP_SHARED, file, 0)/
