# Waits until the numbers are right, and so forever.
s/^    if (!fits())/    while (!fits())/
s/^        errx(3.*/        usleep(1000);/
