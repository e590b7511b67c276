# Only who finds the number 0 sets the value, but several may find it.
s/^    if (set == -1 || semctl\(.*\))$/    if (set == -1 || (*last == 0 \&\& semctl\1))/
