# from bus_error.ftruncate.c
# A file that is too short is begun anew, and what was in it is gone.
s/ftruncate(fd, SIZE) == -1/(ftruncate(fd, 0) == -1 || ftruncate(fd, SIZE) == -1)/
