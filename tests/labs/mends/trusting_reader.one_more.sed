# from trusting_reader.once.c
# The buffer has a place for a NUL now, and a note may have one byte more.
s/copy\[MAX\]/copy[MAX + 2]/
s/length > MAX ||/length > sizeof copy - 1 ||/
