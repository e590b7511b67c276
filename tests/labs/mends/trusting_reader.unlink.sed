# Takes the name away: whoever has the board mapped needs none.
s/^    if (!writes) {/&\
        shm_unlink(argv[2]);/
