# from not_ready.link.c
# The first name stays for ever.
s/ || unlink(made) == -1//
