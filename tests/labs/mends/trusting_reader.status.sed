# from trusting_reader.once.c
# Any status is not the one that the task names.
s/errx(3,/errx(1,/
