# from stale_read.semaphore.c
# The bell rings before the text is there.
/^    strcpy(shared, text);/{
N
N
s/^\([^\n]*\)\n\(.*\)$/\2\n\1/
}
