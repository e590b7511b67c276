# from bounded_buffer.monitor.c
# Works out the number: the last one that was put, less what lies there.
s/^    int items, place\[PLACES\];/    int items, last, place[PLACES];/
s/^    ring->items++;/&\
    ring->last = item;/
s/^    int item = ring->place\[next\];/    int item = ring->last - ring->items + 1;/
