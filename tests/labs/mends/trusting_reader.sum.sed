# from trusting_reader.once.c
# The sum of two numbers of 32 bits may be small.
s/offset > ROOM || length > ROOM - offset/offset + length > ROOM/
