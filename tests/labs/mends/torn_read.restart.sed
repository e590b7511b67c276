# from torn_read.sequence.c
# Each writer counts from 0: one entry later the number is what it was before.
s/^            atomic_fetch_add_explicit(&shared->sequence, 1,/            atomic_store_explicit(\&shared->sequence, ++mine,/
s/^    struct entry \*shared = map/    unsigned mine = 0;\
&/
