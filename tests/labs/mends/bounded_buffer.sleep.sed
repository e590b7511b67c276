# The producer sleeps after each item: the consumer may be slower than that.
s/^    if (++next > PLACES)/    if (++next == PLACES)/
s/^    sem_post(&ring->items);/&\
    usleep(50000);/
