# from bounded_buffer.counters.c
# Numbers from 0 to 7: for a moment the eighth is 8, and that is not 0.
s/^    while (n - atomic_load(&ring->taken) == PLACES)/    while ((n - atomic_load(\&ring->taken) + 8) % 8 == PLACES)/
s/^    atomic_store(&ring->\(.*\), n + 1);/    if (++ring->\1 == 8)\
        ring->\1 = 0;/
