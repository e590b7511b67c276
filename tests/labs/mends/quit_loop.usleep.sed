# It looks a thousand times a second, whether anything happens or not.
s/^    int full;/    _Atomic int full;/
s/^        ;$/        usleep(1000);/
