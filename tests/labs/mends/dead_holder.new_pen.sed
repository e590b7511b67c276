# from dead_holder.robust.c
# Makes a new mutex where the old one lies: those who wait for it are lost.
s/^        e = pthread_mutex_consistent(&book->pen);/        make_pen();\
        e = pthread_mutex_lock(\&book->pen);/
