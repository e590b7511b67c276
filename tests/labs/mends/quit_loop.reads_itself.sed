# from quit_loop.count.c
# The child reads the lines itself, and the parent only waits.
s/^        take(shared, line);/        if (!fgets(line, sizeof line, stdin) || strcmp(line, "quit\\n") == 0) {\n            take(shared, line);\n            return 0;\n        }/
s/^        if (!fgets(line, sizeof line, stdin))//
