# from dead_holder.robust.c
# A shorter name is written over a longer one of somebody dead, without its end.
s/i <= strlen(who)/i < strlen(who)/
