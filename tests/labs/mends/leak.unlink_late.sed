# from leak.unlink.c
# Another kind of memory, and the same leak: the name goes only at the end.
/^    shm_unlink/d
s/^    printf("%ld.*/&\n    shm_unlink(name);/
