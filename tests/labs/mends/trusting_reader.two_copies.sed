# from trusting_reader.snapshot.c
# Checks the first copy, and prints out of a second one.
s/^    memcpy(.*/    void *(*volatile copy)(void *, const void *, size_t) = memcpy;\
    copy(\&own, board, sizeof own);/
s/^    printf(/    copy(\&own, board, sizeof own);\
&/
