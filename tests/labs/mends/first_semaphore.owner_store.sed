# from first_semaphore.owner.c
# Two may see that the owner of an earlier day is gone.
s/^        else if (atomic_compare/        else if ((was != 0 \&\& (desk->owner = mine)) ||\n                 atomic_compare/
