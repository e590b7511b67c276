# from torn_read.sequence.c
# The number is looked at before the copy, and not once more behind it.
s/if (s % 2 == 0 && s == .*/if (s % 2 == 0)/
/^ *memory_order_relaxed))$/d
