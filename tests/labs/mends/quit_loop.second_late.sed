# from quit_loop.sem_t.c
# Only the first line is printed at once; the others come at the end.
s/^\( *\)fflush(stdout);/\1static int many;\n\1if (many++ == 0)\n\1    fflush(stdout);/
