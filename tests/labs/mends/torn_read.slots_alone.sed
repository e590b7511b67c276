# from torn_read.slots.c
# Many slots, so that the writer never comes round: it does, with enough entries.
s/SLOTS = 4/SLOTS = 60/
s/^        } while (.*/        } while (0);/
