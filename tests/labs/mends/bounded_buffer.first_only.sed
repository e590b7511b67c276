# from bounded_buffer.semaphores.c
# The first item comes from the ring, the others it counts.
s/^    int item = ring->place\[next\];/    static int last;\
    int item = last ? last + 1 : ring->place[next];\
    last = item;/
