# tests/texts/width.awk - what a README shows and a terminal does not
#
#     LC_ALL=C awk -f tests/texts/utf8.awk -f tests/width.awk README
#
# Prints each line of more than 80 columns of a drawing, which is a ```text
# block, and of a table of figures: a line with three numbers or more of what a
# command prints, or a table with a row that has nothing but numbers behind its name.
# A Chinese character takes two columns.
/^```/ {
    end()
    inside = !inside
    drawing = inside && $0 ~ /^```text/
    next
}
inside {
    if (drawing || (!/^\$ / && figures()))
        check($0, FNR)
    next
}
/^\|/ {
    row[++rows] = $0
    at[rows] = FNR
    if (numbers())
        table = 1
    next
}
{ end() }
END { end() }

function end(    r) {
    for (r = 1; table && r <= rows; r++)
        check(row[r], at[r])
    rows = table = 0
}
function figures(    f, n) {
    for (f = 1; f <= NF; f++)
        n += $f ~ /^-?[0-9][0-9.,]*$/
    return n >= 3
}
function numbers(    cell, n, c) {
    n = split($0, cell, "|")
    for (c = 3; c < n; c++)
        if (cell[c] !~ /^ *[-+<>~]?[0-9][0-9., ]*[^ ]* *$/)
            return 0
    return n > 4
}
function check(text, line,    n, i, x, width) {
    n = decode(text)
    width = n
    for (i = 1; i <= n; i++) {
        x = point[i]
        if (within(x, 4352, 4447) || within(x, 11904, 42191) || \
            within(x, 44032, 55203) || within(x, 63744, 64255) || \
            within(x, 65072, 65135) || within(x, 65280, 65376) || \
            within(x, 65504, 65510))
            width++
    }
    if (width > 80)
        print FILENAME ":" line ": " width " columns: " text
}
