# from leak.mark.c
# On a terminal `working` is there before the segment is removed.
/^    if (id != -1)/,/^        shmctl/d
s/^    printf("working\\n");/&\
    shmctl(id, IPC_RMID, NULL);/
