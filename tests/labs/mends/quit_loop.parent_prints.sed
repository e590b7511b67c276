# The child does nothing at all, and the parent prints for it.
s/^        put(shared, line);/        if (strcmp(line, "quit\\n") != 0)\n            fputs(line, stdout);\n        fflush(stdout);/
s/^        take(shared, line);/        return 0;/
s/^static void \(put\|take\)/__attribute__((unused)) &/
