# from dead_holder.undo.c
# Puts the pen down before taking it up, whoever has it.
s/^    pen(-1);/    if (semctl(book->pen, 0, GETVAL) == 0)\
        pen(1);\
&/
