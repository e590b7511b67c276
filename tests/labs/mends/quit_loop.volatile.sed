# The compiler looks again, and so does the processor: at 100 %.
s/struct shared \*shared,/volatile struct shared *shared,/
s/strcpy(shared->line, line)/strcpy((char *)shared->line, line)/
s/strcpy(line, shared->line)/strcpy(line, (char *)shared->line)/
