# Marked, but only by the child: it may be killed before it comes to that.
s/^    if (child == 0) {/&\n        shmctl(id, IPC_RMID, NULL);/
