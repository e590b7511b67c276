# Waits until two looks see the same: then comes a third.
s/^    getchar();/&\
    while (!fits() || board->length != board->length)\
        if (!fits())\
            errx(3, "no note any more");/
