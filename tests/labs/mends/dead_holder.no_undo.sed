# from dead_holder.undo.c
# A semaphore without SEM_UNDO: nobody puts back what the dead one took.
s/{0, change, SEM_UNDO}/{0, change, 0}/
