# 0 may mean `new`, and may mean `somebody is inside`.
s/semctl(set, 0, SETVAL, (union semun){1}) == -1/(semctl(set, 0, GETVAL) == 0 \&\&\n                      semctl(set, 0, SETVAL, (union semun){1}) == -1)/
