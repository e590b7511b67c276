# Nobody calls exit(3) in a process that is killed.
s/^int main/static int id;\nstatic pid_t owner;\nstatic void tidy_up(void)\n{\n    if (getpid() == owner)\n        shmctl(id, IPC_RMID, NULL);\n}\n\n&/
s/^    int id = \(shmget.*\)/    owner = getpid();\n    id = \1\n    atexit(tidy_up);/
/^    shmctl/d
