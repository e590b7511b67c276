# from torn_read.sequence.c
# The number is odd only when half of the entry is new already.
/atomic_fetch_add_explicit(&shared->sequence, 1,$/{
N
/relaxed/d
}
/atomic_store_explicit(&shared->age/i\
            atomic_fetch_add_explicit(\&shared->sequence, 1,\
                                      memory_order_release);
