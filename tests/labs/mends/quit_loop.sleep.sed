# It looks once a second: a line comes up to a second late.
s/^    int full;/    _Atomic int full;/
s/^        ;$/        sleep(1);/
