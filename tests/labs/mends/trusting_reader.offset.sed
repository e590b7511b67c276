# from trusting_reader.once.c
# Its own length, and the offset of the moment.
s/board->text + offset/board->text + board->offset/
