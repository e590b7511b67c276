# volatile makes the compiler look again, not the child wait.
s/^    char \*shared = map/    volatile char *shared = map/
s/"%s\\n", shared/"%s\\n", (const char *)shared/
s/strcpy(shared, text)/strcpy((char *)shared, text)/
