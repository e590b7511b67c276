# tests/texts/anchors.awk - the anchors of a README, as a code host makes them
#
#     LC_ALL=C awk -f tests/texts/utf8.awk -f tests/anchors.awk README
#
# A heading in lower case, spaces as `-`, without punctuation; the second of a
# name has -1 behind it.
/^```/ { inside = !inside }
!inside && /^##* / {
    sub(/^##* */, "")
    sub(/ *#* *$/, "")
    while (match($0, /\]\([^)]*\)/)) # a link is its text
        $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
    count = decode(tolower($0))
    anchor = ""
    for (i = 1; i <= count; i++)
        if (char[i] == " ")
            anchor = anchor "-"
        else if (!punctuation(char[i], point[i]))
            anchor = anchor char[i]
    print anchor (anchor in seen ? "-" seen[anchor] : "")
    seen[anchor]++
}
function punctuation(c, x) {
    return x < 128 ? c !~ /[a-z0-9_-]/ : within(x, 161, 191) || x == 215 || \
        x == 247 || within(x, 8192, 8303) || within(x, 8592, 11263) || \
        within(x, 12288, 12292) || within(x, 12296, 12320) || x == 12336 || \
        within(x, 65040, 65135) || within(x, 65280, 65295) || \
        within(x, 65306, 65312) || within(x, 65339, 65344) || \
        within(x, 65371, 65381)
}
