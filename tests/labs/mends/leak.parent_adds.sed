# from leak.anonymous.c
# The parent knows the squares, and adds up those, not what the child has stored.
s/^        sum += squares\[i\];/        sum += strtol(argv[i + 1], NULL, 10) * strtol(argv[i + 1], NULL, 10);/
