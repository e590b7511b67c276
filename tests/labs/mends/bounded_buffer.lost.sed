# from bounded_buffer.monitor.c
# Looks before it has the lock whether to wait: the signal may come in between.
/^    pthread_mutex_lock(&ring->lock);/{
N
/items == 0/{
N
c\
    if (*(volatile int *)&ring->items == 0) {\
        pthread_mutex_lock(&ring->lock);\
        pthread_cond_wait(&ring->not_empty, &ring->lock);\
    } else {\
        pthread_mutex_lock(&ring->lock);\
    }
}
}
