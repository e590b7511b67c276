# from trusting_reader.once.c
# Reads the length where the note is copied: the compiler has to read it again.
s/copy, board->text + offset, length);/copy, board->text + offset, atomic_load(\&board->length));/
