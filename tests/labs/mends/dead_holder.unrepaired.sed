# from dead_holder.robust.c
# Says that the book is right again, and has not made it so.
/book->letters = 0;/,/book->letters += (int)strlen(book->name/d
