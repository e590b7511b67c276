# from trusting_reader.once.c
# There is always room for the note now, and so it may be as long as it likes.
s/^    static char copy.*//
s/length > MAX ||/length > ROOM ||/
s/^    memcpy(/    char *copy = malloc(length + 1);\
    if (!copy)\
        err(1, "malloc");\
&/
