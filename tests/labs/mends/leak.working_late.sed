# It says so when it is done, and was killed long before.
/^    printf("working/d
s/^    printf("%ld/    printf("working\\n");\n&/
