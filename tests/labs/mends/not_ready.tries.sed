# from not_ready.word.c
# Looks a hundred times, and then goes on all the same.
s/^        while (!atomic_load(&n->ready))/        for (int i = 0; i < 100 \&\& !atomic_load(\&n->ready); i++)/
