# from dead_holder.robust.c
# Only who signs knows of the dead; who shows goes on with what is there.
/^static void show/,/^}/s/take_pen();/pthread_mutex_lock(\&book->pen);/
