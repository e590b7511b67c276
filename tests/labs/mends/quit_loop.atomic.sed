# An atomic is in order, and is waited for in a loop that burns a processor.
s/^    int full;/    _Atomic int full;/
