# from trusting_reader.once.c
# With a sign, a very large number is a negative one, and less than MAX.
s/const unsigned offset = board->offset, length = board->length;/const int offset = (int)board->offset, length = (int)board->length;/
s/, length);$/, (unsigned)length);/
s/errx(3, "offset %u, length %u: no note", offset/errx(3, "offset %d, length %u: no note", offset/
s/copy, 1, length, stdout/copy, 1, (size_t)length, stdout/
