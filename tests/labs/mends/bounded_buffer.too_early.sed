# from bounded_buffer.semaphores.c
# The producer says that there is an item before it is in its place.
/^static void put/,/^}/{
    /sem_post/d
    s/^    sem_wait(&ring->places);/&\
    sem_post(\&ring->items);/
}
