# from torn_read.lock.c
# Only the writer locks: nobody keeps the reader out.
/lock(F_RDLCK)/,/ends here/s/^ *lock(.*//
/lock(F_RDLCK)/d
