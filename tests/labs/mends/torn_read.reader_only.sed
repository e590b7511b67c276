# from torn_read.lock.c
# Only the reader locks: nobody keeps the writer out.
/lock(F_WRLCK)/,/ends here/{
/lock(/d
}
