# from quit_loop.futex.c
# It looks, and then sleeps whatever the value is by now: a wake-up is lost.
s/WAIT, !value, NULL/WAIT, atomic_load(full), NULL/
