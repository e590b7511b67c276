# from bus_error.ftruncate.c
# Not only an empty file is too short.
s/st.st_size < SIZE/st.st_size == 0/
