# from torn_read.asleep.c
# Two readers sleep, and one is woken.
s/INT_MAX, NULL/1, NULL/
