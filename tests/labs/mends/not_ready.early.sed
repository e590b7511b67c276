# from not_ready.link.c
# The object gets its name when it has a size, and before the semaphores.
/^        if (link(made/,/err(1, "%s", path)/d
s/^        sem_init(&n->written, 1, 0);/        if (link(made, path) == -1 || unlink(made) == -1)\
            err(1, "%s", path);\
&/
