# wait(2) waits for one's own children: the child has none, and goes on at once.
/child == 0/a\
        wait(NULL);
