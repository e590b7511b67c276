# from dead_holder.lock.c
# The name counts before it is written: half of it, if its writer dies.
/^    book->guests++;/d
s/^    lock(F_WRLCK);/&\
    int at = book->guests++;/
s/book->name\[book->guests\]\[i\]/book->name[at][i]/
