# from trusting_reader.snapshot.c
# Copies the board, checks the copy, and prints as much as the board says now.
s/(int)own.length, own.text/(int)board->length, own.text/
