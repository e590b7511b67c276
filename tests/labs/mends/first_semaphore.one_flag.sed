# from first_semaphore.futex.c
# Who is woken does not say that there may be more who wait.
s/^    while (atomic_exchange(&desk->inside, 2) != 0)/    while ((was = 0, !atomic_compare_exchange_strong(\&desk->inside, \&was, 1)) \&\&\n           (was == 2 || atomic_compare_exchange_strong(\&desk->inside, \&was, 2)))/
