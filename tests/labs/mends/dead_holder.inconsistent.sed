# from dead_holder.robust.c
# Does not say that the book is right again: the next one gets ENOTRECOVERABLE.
s/e = pthread_mutex_consistent(&book->pen)/e = 0/
