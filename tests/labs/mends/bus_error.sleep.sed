# The writer sleeps so that a reader may come and size the file: if one comes.
/^    if (!writes) {/i\
    if (writes)\
        sleep(2);
