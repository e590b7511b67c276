# from torn_read.lock.c
# An age is an int, as the command line says, and not only a man's.
s/shared->age = next.age;/shared->age = (short)next.age;/
