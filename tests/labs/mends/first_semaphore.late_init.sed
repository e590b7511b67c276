# from first_semaphore.once.c
# Looks whether the semaphore is new, and makes it later: into somebody's turn.
s/^    int state = NEW;/    int state = atomic_load(\&desk->state);/
s/^    if (atomic_compare_exchange_strong.*/    if (state == NEW) {\
        usleep(2000);/
