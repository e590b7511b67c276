# tests/texts/matches.awk - does what came back match what a README says?
#
#     awk -f tests/texts/matches.awk -v whole=1 EXPECTED SEEN
#
# In EXPECTED <pid> stands for a process id, <id> for any number, <address> for
# one in hexadecimal, <...> for anything in a line, and a line of <...> alone
# for any lines. Status 0: all of EXPECTED is there, and with whole=1 nothing
# else. Otherwise the first line that differs is printed, and what came.
FNR == 1 { file++ }
file == 1 { expected[++many] = $0 }
file == 2 { seen[++came] = $0 }

function like(line, text, pattern, before) {
    pattern = "^"
    while (match(line, /<(pid|id|address|\.\.\.)>/)) {
        before = substr(line, 1, RSTART - 1)
        gsub(/[][\\.^$*+?(){}|\/]/, "\\\\&", before)
        pattern = pattern before
        before = substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
        pattern = pattern (before == "address" ? "0x[0-9a-f]+" : \
            before == "..." ? ".*" : "[0-9]+")
    }
    gsub(/[][\\.^$*+?(){}|\/]/, "\\\\&", line)
    return text ~ (pattern line "$")
}
END {
    for (i = j = 1; i <= many; i++) {
        if (expected[i] == "<...>") {
            if (i == many)
                exit 0
            while (j <= came && !like(expected[i + 1], seen[j]))
                j++
        } else if (j <= came && like(expected[i], seen[j])) {
            j++
        } else {
            print "-" expected[i]
            print "+" (j <= came ? seen[j] : "")
            exit 1
        }
    }
    while (whole && came >= j && seen[came] == "")
        came--
    if (whole && j <= came) {
        print "+" seen[j]
        exit 1
    }
}
