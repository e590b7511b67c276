# A child that is killed removes nothing; and then the parent does not, either.
/^    shmctl/d
s/^        return 0;/        shmctl(id, IPC_RMID, NULL);\n&/
