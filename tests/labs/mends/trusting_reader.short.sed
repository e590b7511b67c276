# from trusting_reader.once.c
# 65541 is 5 in a number of 16 bits.
s/const unsigned offset/const unsigned short offset/
