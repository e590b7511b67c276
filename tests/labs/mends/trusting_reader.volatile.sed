# volatile makes no two loads one.
s/^    atomic_uint offset, length;/    volatile unsigned offset, length;/
