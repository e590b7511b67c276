# tests/labs/checks/report.awk - the verdicts on labs, for people and for programs
#
#     LC_ALL=C awk -v format=FORMAT -v many=N -v number=N [...] -f report.awk RECORD...
#
# A RECORD is a file: the first line has, with tabs between, lab, chapter, verdict,
# points, of how many, seconds. The lines after it begin with `E ` (the evidence) or
# with `D ` (what the compiler said). FORMAT is text, tsv, tap, json, junit or
# gradescope (its results.json). number is that of the first record, many says how many
# there will be: text, tsv and tap can be written one record at a time.
#
# All that comes from outside may have any bytes in it. What is no UTF-8, and every
# control character but newline, becomes U+FFFD; the rest is escaped as the format asks.

BEGIN {
    for (i = 1; i < 256; i++)
        code[sprintf("%c", i)] = i
    unknown = "\357\277\275"
    n = 0
}
FNR == 1 {
    n++
    split($0, field, "\t")
    lab[n] = field[1]; chapter[n] = field[2]; verdict[n] = field[3]
    points[n] = field[4]; of[n] = field[5]; seconds[n] = field[6]
    next
}
/^E / {
    text = clean(substr($0, 3))
    if (evidence[n] == "") evidence[n] = text
    else more[n] = more[n] (more[n] == "" ? "" : "\n") text
}
/^D / { detail[n] = detail[n] (detail[n] == "" ? "" : "\n") clean(substr($0, 3)) }

END {
    for (i = 1; i <= n; i++) {
        got += points[i]; out_of += of[i]; time += seconds[i]
        if (verdict[i] == "pass") done++
        else if (verdict[i] == "error") errors++
        else if (verdict[i] == "skipped") skips++
        else fails++
    }
    if (format == "text") text_report()
    else if (format == "tsv") tsv_report()
    else if (format == "tap") tap_report()
    else if (format == "json") json_report()
    else if (format == "junit") junit_report()
    else if (format == "gradescope") gradescope_report()
}

# clean(S): UTF-8 without control characters.
function clean(s,    out, i, c, v, k, second, size) {
    if (s !~ /[^ -~]/)
        return s
    for (i = 1; i <= length(s); i += size) {
        v = code[c = substr(s, i, 1)]
        size = v < 128 ? 1 : v < 194 ? 0 : v < 224 ? 2 : v < 240 ? 3 : v < 245 ? 4 : 0
        second = code[substr(s, i + 1, 1)]
        if ((v == 224 && second < 160) || (v == 237 && second > 159) ||
            (v == 240 && second < 144) || (v == 244 && second > 143))
            size = 0
        for (k = 1; k < size; k++)
            if (code[substr(s, i + k, 1)] < 128 || code[substr(s, i + k, 1)] > 191) {
                size = 0
                break
            }
        if (c == "\t")
            out = out " "
        else if (size == 0 || v < 32 || v == 127) {
            out = out unknown
            size = 1
        } else
            out = out substr(s, i, size)
    }
    return out
}
# swap(S, C, BY): without gsub(), whose \\ and & mean something else in each awk.
function swap(s, c, by,    out, at) {
    while ((at = index(s, c)) > 0) {
        out = out substr(s, 1, at - 1) by
        s = substr(s, at + 1)
    }
    return out s
}
function spaced(s) {
    return swap(s, "\n", " ")
}
function whole(i) { # the evidence, all of it
    return evidence[i] (more[i] == "" ? "" : "\n" more[i])
}
# What a verdict means where its name alone would not say it.
function says(i) {
    return verdict[i] == "fail" ? "fails" : verdict[i] == "no_compile" ? "does not compile" \
        : verdict[i] == "missing" ? "not handed in" : verdict[i]
}

# --- for people -----------------------------------------------------------------

function text_report(    i, mark) {
    for (i = 1; i <= n; i++) {
        mark = verdict[i] == "pass" ? green "[x]" plain \
            : verdict[i] == "skipped" ? "[-]" \
            : verdict[i] == "error" ? red "[!]" plain : red "[ ]" plain
        printf "%s %s%-16s%s %s\n", mark, bold, lab[i], plain, evidence[i]
        if (more[i] != "")
            print "                     " swap(more[i], "\n", "\n                     ")
        if (detail[i] != "") print detail[i]
    }
}

# --- for programs ---------------------------------------------------------------

function tsv_report(    i) {
    for (i = 1; i <= n; i++)
        print lab[i] "\t" verdict[i] "\t" spaced(whole(i)) "\t" points[i] "\t" of[i] "\t" seconds[i]
}

function hashed(s) {
    return swap(swap(s, "\\", "\\\\"), "#", "\\#")
}
function comment(s) {
    return "# " swap(s, "\n", "\n# ")
}
function tap_report(    i) {
    if (number == 1) print "1.." many
    for (i = 1; i <= n; i++) {
        if (verdict[i] == "skipped")
            print "ok " (number + i - 1) " - " lab[i] " # SKIP " hashed(spaced(whole(i)))
        else {
            print (verdict[i] == "pass" ? "ok " : "not ok ") (number + i - 1) " - " lab[i] \
                " (" says(i) "): " hashed(evidence[i])
            if (more[i] != "") print comment(more[i])
        }
        if (detail[i] != "") print comment(detail[i])
    }
}

function quoted(s) {
    return "\"" swap(swap(swap(s, "\\", "\\\\"), "\"", "\\\""), "\n", "\\n") "\""
}
function json_report(    i) {
    printf "{\"done\": %d, \"many\": %d, \"points\": %s, \"of\": %s, \"labs\": [", done, n, got, out_of
    for (i = 1; i <= n; i++) {
        printf "%s\n  {\"lab\": %s, \"chapter\": %s, \"verdict\": %s, \"evidence\": %s", \
            (i > 1 ? "," : ""), quoted(lab[i]), quoted(chapter[i]), quoted(verdict[i]), quoted(whole(i))
        printf ", \"compiler\": %s, \"points\": %s, \"of\": %s, \"seconds\": %s}", \
            quoted(detail[i]), points[i], of[i], seconds[i]
    }
    print "\n]}"
}

function gradescope_report(    i) {
    printf "{\"score\": %s, \"tests\": [", got
    for (i = 1; i <= n; i++) {
        printf "%s\n  {\"name\": %s, \"score\": %s, \"max_score\": %s, \"status\": %s", \
            (i > 1 ? "," : ""), quoted(lab[i] ": " says(i)), points[i], of[i], \
            quoted(verdict[i] == "pass" ? "passed" : "failed")
        printf ", \"output\": %s}", quoted(whole(i) (detail[i] == "" ? "" : "\n" detail[i]))
    }
    print "\n]}"
}

function marked(s) {
    s = swap(swap(swap(s, "&", "&amp;"), "<", "&lt;"), ">", "&gt;")
    return swap(swap(s, "\"", "&quot;"), "\n", "&#10;")
}
function junit_report(    i, kind) {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    printf "<testsuites><testsuite name=\"labs\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%s\">\n", \
        n, fails, errors, skips, time
    for (i = 1; i <= n; i++) {
        printf "<testcase classname=\"%s\" name=\"%s\" time=\"%s\">", \
            marked(chapter[i]), marked(lab[i]), seconds[i]
        kind = verdict[i] == "error" ? "error" : verdict[i] == "skipped" ? "skipped" : "failure"
        if (verdict[i] == "pass")
            printf "<system-out>%s</system-out>", marked(whole(i))
        else if (kind == "skipped")
            printf "<skipped message=\"%s\"/>", marked(whole(i))
        else
            printf "<%s type=\"%s\" message=\"%s\">%s</%s>", kind, verdict[i], \
                marked(whole(i)), marked(detail[i]), kind
        print "</testcase>"
    }
    print "</testsuite></testsuites>"
}
