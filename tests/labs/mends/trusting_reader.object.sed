# from trusting_reader.once.c
# Lets the note end where the object ends, not where the text does.
s/offset > ROOM || length > ROOM - offset/offset > sizeof *board || length > sizeof *board - offset/
