# from quit_loop.count.c
# Both change the count, and neither with an atomic operation.
s/atomic_int count/volatile int count/
