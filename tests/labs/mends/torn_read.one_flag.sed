# from torn_read.counts.c
# The first reader that leaves says for all of them that nobody reads.
s/&readers, readers + 1)/\&readers, 1)/
s/atomic_fetch_sub(&shared->inside, 1)/atomic_store(\&shared->inside, 0)/
