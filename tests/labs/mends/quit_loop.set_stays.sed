# from quit_loop.semop.c
# It waits rightly, and leaves its semaphores behind.
/IPC_RMID);$/{
/semctl/d
}
