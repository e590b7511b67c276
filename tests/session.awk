# tests/session.awk - the sessions of a README, for tests/tutorial.sh
#
# Prints, a line each and in order, with tabs between:
#     type TERMINAL LINE COMMAND      a line that begins with `$ `
#     stop TERMINAL LINE              ^C
#     back TERMINAL LINE TEXT         a line that has to come back
#     wait TERMINAL LINE              the end of a block: it has to be there now
#     skip 0 LINE WHY                 a block that is not to run, and says why
#     bad 0 LINE WHAT                 a block that nobody can run
#
#     ```console                      in the chapter's one shell
#     ```console terminal=2           in another one, at the same time
#     ```console needs=PROGRAM        where PROGRAM is installed
#     ```console not run: WHY
BEGIN { OFS = "\t" }
/^```/ && inside {
    if (running)
        print "wait", terminal, NR
    inside = 0
    next
}
/^```console/ {
    inside = 1
    terminal = 0
    why = ""
    if (match($0, /terminal=[0-9]+/))
        terminal = substr($0, RSTART + 9, RLENGTH - 9)
    running = 0
    if (match($0, /not run: ./))
        print "skip", 0, NR, substr($0, RSTART + 9)
    else if ($0 !~ /^```console( terminal=[0-9]+)?( needs=[a-z0-9]+)?$/)
        print "bad", 0, NR, $0
    else if (match($0, /needs=./) && system("command -v " \
        substr($0, RSTART + 6) " >/dev/null 2>&1"))
        print "skip", 0, NR, "it" substr($0, RSTART - 1)
    else
        running = 1
    next
}
/^```/ {
    inside = 1
    running = 0
    next
}
inside && running && /^\$ / {
    print "type", terminal, NR, substr($0, 3)
    next
}
inside && running && $0 == "^C" {
    print "stop", terminal, NR
    next
}
inside && running {
    print "back", terminal, NR, $0
}
END {
    if (inside)
        print "bad", 0, NR, "a block that does not end"
}
