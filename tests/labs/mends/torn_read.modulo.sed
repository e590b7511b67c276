# from torn_read.sequence.c
# A sequence up to 99: 50 entries later it is what it was before.
/^            atomic_fetch_add_explicit(&shared->sequence, 1,/{
s/.*/            atomic_store_explicit(\&shared->sequence,\
                                  (atomic_load(\&shared->sequence) + 1) % 100,/
}
