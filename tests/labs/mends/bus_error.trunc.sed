# from bus_error.ftruncate.c
# O_TRUNC takes away what was there, and kills who has it mapped.
s/O_RDWR | O_CREAT | O_CLOEXEC/O_RDWR | O_CREAT | O_CLOEXEC | (writes ? O_TRUNC : 0)/
