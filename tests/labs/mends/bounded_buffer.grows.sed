# from bounded_buffer.semaphores.c
# No place is used twice: after 1,000 items the ring is at its end.
s/^    int place\[PLACES\];/    int place[1000];/
s/^    next = (next + 1) % PLACES;/    next++;/
