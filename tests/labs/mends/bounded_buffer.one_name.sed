# from bounded_buffer.named.c
# Semaphores of one name for all runs, which none removes.
s/"\/ring.%d.%s", (int)getpid(), what/"\/lab_ring.%s", what/
s/O_CREAT | O_EXCL/O_CREAT/
/sem_unlink/d
