# from dead_holder.lock.c
# No lock at all: two write into the same place.
s/^    lock(F_[A-Z]*);//
/^static void lock(/,/^}/d
