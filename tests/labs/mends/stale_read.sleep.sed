# A second is long, but the parent may be longer.
/child == 0/a\
        sleep(1);
