# from first_semaphore.zero.c
# The turn is right; what `remove` leaves is there for ever.
/^        semctl(set, 0, IPC_RMID);/d
