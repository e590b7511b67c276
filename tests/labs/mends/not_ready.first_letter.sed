# from not_ready.word.c
# A note is ready when its first letter is there: an empty one has none.
s/while (!atomic_load(&n->ready))/while (!*(volatile char *)n->text)/
