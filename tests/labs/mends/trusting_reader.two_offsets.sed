# from trusting_reader.snapshot.c
# The length is that of the first copy; the offset is that of the second, unchecked.
s/^    memcpy(.*/    void *(*volatile copy)(void *, const void *, size_t) = memcpy;\
    copy(\&own, board, sizeof own);\
    const unsigned length = own.length;/
s/^    printf("%.*s\\n", (int)own.length/    copy(\&own, board, sizeof own);\
    printf("%.*s\\n", (int)length/
