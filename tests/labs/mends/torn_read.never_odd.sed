# from torn_read.sequence.c
# The number does not say that the writer is at work, only that it was.
/atomic_fetch_add_explicit(&shared->sequence, 1,$/{
N
/relaxed/d
s/sequence, 1,/sequence, 2,/
}
