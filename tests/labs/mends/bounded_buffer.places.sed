# Only the second semaphore: the index still goes to a fifth place.
s/^    sem_t items;.*/    sem_t items, places;/
s/^    sem_init(&ring->items, 1, 0);/&\
    sem_init(\&ring->places, 1, PLACES);/
s/^    ring->place\[next\] = item;/    sem_wait(\&ring->places);\
&/
s/^    return item;/    sem_post(\&ring->places);\
&/
