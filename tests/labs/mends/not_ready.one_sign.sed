# from not_ready.word.c
# A second object says that the note is ready, for every note the same; it stays.
s/^        atomic_store(&n->ready, 1);/        close(shm_open("\/lab_note_is_ready", O_RDWR | O_CREAT, 0600));/
s/^        while (!atomic_load(&n->ready))/        while (shm_open("\/lab_note_is_ready", O_RDWR, 0) == -1)/
