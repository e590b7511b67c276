# It prints what it has been told, and never looks into the file.
s/printf("%s\\n", shared)/printf("%s\\n", text)/
