# from trusting_reader.once.c
# Prints as much as there is, and does not say that the numbers were wrong.
s/const unsigned offset = board->offset, length/unsigned offset = board->offset, length/
s/^    if (length > MAX ||.*/    length = length > MAX ? MAX : length;\
    if (offset > ROOM || length > ROOM - offset)/
