# Checks after the copy as well: what it has overwritten by then stays so.
s/^    fwrite(/    if (!fits())\
        errx(3, "no note any more");\
&/
