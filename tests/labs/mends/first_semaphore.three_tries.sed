# from first_semaphore.once.c
# Thinks after 3,000 tries that nobody makes the semaphore, and makes another one.
s/^    while (atomic_load(&desk->state) != READY)/    for (int i = 0; i < 3000 \&\& atomic_load(\&desk->state) != READY; i++)/
s/^    if (strcmp(argv\[2\], "remove") == 0) {/    if (atomic_load(\&desk->state) != READY) {\
        sem_init(\&desk->turn, 1, 1);\
        atomic_store(\&desk->state, READY);\
    }\
&/
