# from torn_read.sequence.c
# A sequence of 8 bits: 128 entries later it is what it was before.
s/atomic_uint sequence/atomic_uchar sequence/
