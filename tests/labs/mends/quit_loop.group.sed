# from quit_loop.sigsuspend.c
# kill(0) wakes everybody in the group, and a script and its pipes are in it, too.
s/kill(other, SIGUSR1)/kill(0, SIGUSR1)/
