# The number is looked at anew each time, by both who are inside.
s/^    int \*last/    volatile int *last/
