# from stale_read.semaphore.c
# A semaphore of one name for all runs: another run's parent wakes the child.
/^    sem_t \*written/,/^        err(1, "semaphore/c\
    sem_t *written = sem_open("/lab_note_written", O_CREAT, 0600, 0);\
    if (written == SEM_FAILED)\
        err(1, "semaphore");
s/^    int status;/    sem_unlink("\/lab_note_written");\
&/
