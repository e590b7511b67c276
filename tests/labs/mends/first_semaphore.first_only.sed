# from first_semaphore.zero.c
# Takes turns for its first number, and no more after that.
s/^        \(take\|give_back\)();/        if (i == atoi(argv[2]))\n            &/
