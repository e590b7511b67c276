# from first_semaphore.zero.c
# Works out its second number from its first, and not from what is there.
s/^    for (int i = /    int mine = 0;\n&/
s/int mine = \*last + 1/mine = mine ? mine + 1 : *last + 1/
