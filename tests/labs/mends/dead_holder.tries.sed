# Tries twenty times, and then takes the pen from whoever has it.
s/^static void sign(/static void take_pen(void)\
{\
    for (int i = 0; pthread_mutex_trylock(\&book->pen) != 0; i++) {\
        usleep(10000);\
        if (i == 20)\
            make_pen();\
    }\
    book->letters = 0;\
    for (int i = 0; i < book->guests; i++)\
        book->letters += (int)strlen(book->name[i]);\
}\
\
&/
s/pthread_mutex_lock(&book->pen);/take_pen();/
