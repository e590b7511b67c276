# from torn_read.lock.c
# Eleven letters and the age are 16 bytes, and one store; a name may have 15.
s/char name\[16\]/char name[12]/
