# tests/texts/session.awk - the sessions of a README, for tests/tutorial.sh
#
# Prints, a line each and in order, with tabs between:
#     type TERMINAL LINE COMMAND      a line that begins with `$ `
#     stop TERMINAL LINE              ^C
#     back TERMINAL LINE TEXT         a line that has to come back
#     wait TERMINAL LINE [last]       the end of a block: it has to be there now;
#                                     last: no later block has to do with this
#                                     command, it ends
#     skip 0 LINE WHY                 a block that is not to run, and says why
#     bad 0 LINE WHAT                 a block that nobody can run
#
#     ```console                      in the chapter's one shell
#     ```console terminal=2           in another one, at the same time
#     ```console needs=PROGRAM,...    where each PROGRAM is installed
#     ```console not run: WHY
BEGIN { OFS = "\t" }
/^```/ && inside {
    if (running) {
        say("wait", terminal, NR, "")
        waiting[terminal] = many
    }
    inside = 0
    next
}
/^```console/ {
    inside = NR
    terminal = 0
    if (match($0, /terminal=[0-9]+/))
        terminal = substr($0, RSTART + 9, RLENGTH - 9)
    running = 0
    if (match($0, /not run: ./))
        say("skip", 0, NR, substr($0, RSTART + 9))
    else if ($0 !~ /^```console( terminal=[0-9]+)?( needs=[a-z0-9,]+)?$/)
        say("bad", 0, NR, $0)
    else if ((without = lacks($0)) != "")
        say("skip", 0, NR, "it needs " without)
    else
        running = 1
    next
}
/^```/ {
    inside = NR
    running = 0
    next
}
inside && running && /^\$ / {
    if (waiting[terminal])
        said[waiting[terminal]] = said[waiting[terminal]] "last"
    say("type", terminal, NR, substr($0, 3))
    next
}
inside && running && $0 == "^C" {
    waiting[terminal] = 0
    say("stop", terminal, NR, "")
    next
}
inside && running {
    waiting[terminal] = 0
    say("back", terminal, NR, $0)
}
END {
    if (inside)
        say("bad", 0, inside, "a block that does not end")
    for (i in waiting)
        if (waiting[i])
            said[waiting[i]] = said[waiting[i]] "last"
    for (i = 1; i <= many; i++)
        print said[i]
}
function say(what, number, line, text) {
    said[++many] = what OFS number OFS line OFS text
}
# lacks LINE: the first program that it needs and that is not installed.
function lacks(line,    n, i, program) {
    if (!match(line, /needs=[a-z0-9,]+/))
        return ""
    n = split(substr(line, RSTART + 6, RLENGTH - 6), program, ",")
    for (i = 1; i <= n; i++)
        if (system("command -v " program[i] " >/dev/null 2>&1"))
            return program[i]
    return ""
}
