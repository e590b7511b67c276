# The parent tidies up when its child dies, but nobody when the parent does.
s/^        errx(1, "the child did.*/        warnx("the child did not finish");/
