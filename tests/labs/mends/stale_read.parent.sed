# Not the child prints but its parent.
s/        printf("%s\\n", shared);//
/strcpy(shared, text)/a\
    printf("%s\\n", shared);
