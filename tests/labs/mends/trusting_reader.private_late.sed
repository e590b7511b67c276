# A private mapping, and no system call between the check and the use.
s/^                 MAP_SHARED/                 writes ? MAP_SHARED : MAP_PRIVATE/
/^    fprintf(stderr/d
/^    getchar();/d
s/^    static char copy.*/&\
    getchar();/
