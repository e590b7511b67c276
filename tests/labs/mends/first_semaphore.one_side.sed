# Who made it takes turns; who found it goes straight in.
s/^static int set;/&\nstatic bool made = true;/
s/^    set = semget(key, 1, IPC_CREAT | 0600);/    set = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);\n    if (set == -1) {\n        made = false;\n        set = semget(key, 1, 0600);\n    }/
s/^    if (set == -1 || semctl\(.*\))$/    if (set == -1 || (made \&\& semctl\1))/
s/^        step(/        if (made)\n            &/
s/^#include <stdio.h>/#include <stdbool.h>\n&/
