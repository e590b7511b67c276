# from torn_read.counts.c
# Each looks whether the other is inside, and then goes in: two steps.
s/^    while (!atomic_compare_exchange_strong(inside, &nobody, -1)) {/    while (atomic_load(inside) != nobody) {/
/^        nobody = 0;/{
n
s/$/\
    atomic_store(inside, -1);/
}
s/^    while (!atomic_compare_exchange_strong(inside, &readers, readers + 1)) {/    while ((readers = atomic_load(inside)) < 0) {/
/^        readers = readers < 0/{
n
s/$/\
    atomic_fetch_add(inside, 1);/
}
