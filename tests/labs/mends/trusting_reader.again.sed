# Checks once more after Return: the time between is shorter, and there is one.
s/^    getchar();/&\
    if (!fits())\
        errx(3, "no note any more");/
