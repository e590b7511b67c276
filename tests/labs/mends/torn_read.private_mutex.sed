# from torn_read.mutex.c
# A mutex that every process has for itself keeps nobody out.
s/^static struct visitor/&/
s/^static void lock(/static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;\
\
&/
s/pthread_mutex_lock(&book->mutex)/pthread_mutex_lock(\&own)/
s/pthread_mutex_consistent(&book->mutex)/pthread_mutex_consistent(\&own)/
s/pthread_mutex_unlock(&book->mutex)/pthread_mutex_unlock(\&own)/
s/static void lock(struct book \*book)/static void lock(const struct book *book)/
s/^    int error = /    (void)book;\
&/
