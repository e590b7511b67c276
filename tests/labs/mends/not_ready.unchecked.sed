# from not_ready.lock.c
# The reader takes the lock and goes on: it may have had it before the writer.
s/|| s.st_size > 0)/|| s.st_size >= 0)/
