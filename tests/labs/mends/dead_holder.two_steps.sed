# from dead_holder.robust.c
# Who dies between the two has counted a guest and not the letters; the next one
# believes what it finds.
s/^    book->guests++;/&\n    book->letters += (int)strlen(who);/
/^static void sign/,/^    for/{/^    book->letters += /d
}
/^        book->letters = 0;/,/strlen(book->name/d
