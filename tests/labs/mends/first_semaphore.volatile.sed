# The number is looked at anew each time, by both who are inside.
s/^static int \*last/static volatile int *last/
