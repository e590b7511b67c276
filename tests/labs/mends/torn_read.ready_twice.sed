# from torn_read.mutex.c
# Two come to a new file, and each of them prepares the mutex.
s/^    int new = 0;//
s/^    if (atomic_compare_exchange_strong(&book->state, &new, 1)) {/    if (atomic_load(\&book->state) != 2) {/
