# from bounded_buffer.semaphores.c
# Item 256 does not fit into its place.
s/^    int place\[PLACES\];/    unsigned char place[PLACES];/
