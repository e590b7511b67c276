#!/bin/sh
# tests/labs/labs.sh - the labs as they were handed out: each check finds the bug,
# and says so; and what `make labs` and `make labs-reset` do
# shellcheck disable=SC2086 # busybox sh
# shellcheck disable=SC2016,SC2030,SC2031 # names with $ in them; a subshell's own status
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/labs.sh"
many=$(echo "$labs" | wc -w)

all_labs() {
    mkdir "$T/in"
    for lab in $labs; do
        starter "$lab"
        mv "$T/$lab.c" "$T/in"
    done
    status=0
    env CHECKS="$checks" LABS_FROM="$T/in" $TEST_SH tests/labs/checks/run.sh \
        >"$T/out" 2>"$T/err" || status=$?
    if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 1 ]
    [ "$(grep -c '^\[ \] ' "$T/out")" = "$many" ]
    tail -n 1 "$T/out" >"$T/last"
    t_same last "0 of $many done"
    awk 'length > 90' "$T/out" >"$T/long"
    t_same long ''
    grep -v '^labs: no namespaces here\|^labs: your files' "$T/err" >"$T/else" || :
    t_same else ''
}

unknown_lab() {
    labs LAB=no_such_lab
    [ "$status" = 2 ]
    t_says err 'no lab no_such_lab' '^    torn_read$'
    labs LAB=torn_read FORMAT=xml
    [ "$status" = 2 ]
    mkdir "$T/in"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    t_same out '[ ] torn_read        not handed in
0 of 1 done'
}

does_not_compile() {
    mkdir "$T/in"
    echo 'int main(void) { return x; }' >"$T/in/torn_read.c"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    t_says out '^\[ \] torn_read        does not compile$' \
        '^torn_read.c:1:.*error:.*x' '^0 of 1 done$'
    labs LAB=torn_read LABS_FROM="$T/in" FORMAT=tsv
    cut -f 1-5 "$T/out" >"$T/row"
    t_same row "$(printf 'torn_read\tno_compile\tdoes not compile\t0\t1')"
    t_says err '^torn_read.c:1:.*error:'
}

on_a_terminal() {
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        t_skip "no script(1), or another one"
    mkdir "$T/in"
    export CHECKS="$checks" LABS_FROM="$T/in"
    t_run script -qec "$TEST_SH tests/labs/checks/run.sh" /dev/null </dev/null
    tr -d '\r' <"$T/out" | sed 's/.*\[K//' >"$T/lines"
    tail -n 1 "$T/lines" >"$T/last"
    t_same last "[...........................] 0 of $many done"
    t_says lines 'torn_read .*not handed in'
}

# Checks that are made up say what each verdict looks like. They need no box.
# made_up LAB STATUS TEXT
made_up() {
    mkdir -p "$T/checks" "$T/in"
    printf '#!/bin/sh\nprintf "%s"\nexit %s\n' "$3" "$2" >"$T/checks/$1"
    chmod 755 "$T/checks/$1"
    echo 'int main(void) { return 0; }' >"$T/in/$1.c"
}
verdicts() {
    export LABS_BOX=none
    made_up stale_read 0 'good\n'
    made_up bus_error 1 'it is bad\n(held)\n'
    made_up not_ready 77 'it needs ptrace\n'
    made_up bounded_buffer 75 'slow\n'
    made_up dead_holder 9 'odd\n'
    made_up trusting_reader 0 'good\n'
    made_up quit_loop 0 ''
    made_up leak 0 'good\n'
    echo 'int main(void) { return "<&>"; }}' >"$T/in/leak.c"
    made_up torn_read 0 'good\n'
    rm "$T/in/torn_read.c"
    made_up first_semaphore 0 ''
    printf '#!/bin/sh\nkill -9 $$\n' >"$T/checks/first_semaphore"
    labs CHECKS="$T/checks" LABS_FROM="$T/in" FORMAT=tsv
    [ "$status" = 77 ]
    # Of those that were made up, and no others.
    cut -f 1,2,4,5 "$T/out" | while read -r lab rest; do
        [ ! -e "$T/checks/$lab" ] || printf '%s\t%s\n' "$lab" "$rest"
    done >"$T/verdicts"
    t_same verdicts "$(printf '%s\t%s\t%s\t1\n' stale_read pass 1 bus_error fail 0 torn_read missing 0 \
        not_ready skipped 0 bounded_buffer error 0 dead_holder error 0 \
        trusting_reader pass 1 quit_loop error 0 leak no_compile 0 first_semaphore error 0)"
    t_says out 'bounded_buffer.*slow' 'dead_holder.*fails, with status 9' \
        'quit_loop.*without a word' 'first_semaphore.*was killed by signal 9'
    # The status: done, not done, and neither.
    labs CHECKS="$T/checks" LABS_FROM="$T/in" LAB=stale_read
    [ "$status" = 0 ]
    for lab in bus_error torn_read leak; do
        labs CHECKS="$T/checks" LABS_FROM="$T/in" LAB=$lab
        [ "$status" = 1 ] || t_fail "$lab: status $status"
    done
    # Busy once is not busy.
    made_up stale_read 0 'good\n'
    printf '#!/bin/sh\n[ -e "%s" ] || { : >"%s"; exit 75; }\necho good\n' "$T/mark" "$T/mark" \
        >"$T/checks/stale_read"
    labs CHECKS="$T/checks" LABS_FROM="$T/in" LAB=stale_read
    [ "$status" = 0 ]
}
# format NAME: the same verdicts, in $T/NAME.
format() {
    LC_ALL=C awk -v format="$1" -v many=6 -v number=1 -f tests/labs/checks/report.awk \
        "$T"/record.? >"$T/$1"
}
formats() {
    {
        printf 'bus_error\tmmap\tfail\t0\t2\t1.25\n'
        printf 'E it "printed" <a> & b\\\\n # \\1\377\355\240\200 \344\275\240\nE (held, line 3)\n'
    } >"$T/record.1"
    printf 'leak\tsysv_shm\tno_compile\t0\t1\t0.1\nE does not compile\nD leak.c:1: error: "<&>"\n' \
        >"$T/record.2"
    printf 'torn_read\tmmap\tmissing\t0\t1\t0.0\nE not handed in\n' >"$T/record.3"
    printf 'not_ready\tposix_shm\tskipped\t0\t1\t0.5\nE it needs # ptrace\n' >"$T/record.4"
    printf 'quit_loop\tsysv_shm\terror\t0\t1\t0.5\nE busy, try again\n' >"$T/record.5"
    printf 'stale_read\tmmap\tpass\t1\t1\t2.5\nE good\n' >"$T/record.6"
    for format in text tsv tap json junit gradescope; do
        format $format
        for says in 'not handed in' 'does not compile' printed 'busy, try again' 'needs .*ptrace'; do
            grep -q "$says" "$T/$format" || t_fail "$format does not say: $says"
        done
    done
    t_says tap '^1\.\.6$' '^ok 6 - stale_read (pass): good$' '^ok 4 .* # SKIP it needs .# ptrace'
    t_says tsv '^bus_error	fail	it "printed" .*	0	2	1.25$' '^leak	no_compile	' '^torn_read	missing	'
    if command -v prove >/dev/null; then
        printf 'cat "%s"\n' "$T/tap" >"$T/tap.sh"
        prove -e sh "$T/tap.sh" >"$T/prove" 2>&1 || :
        t_says prove 'Failed 4/6 subtests'
        if grep -q 'Parse errors' "$T/prove"; then t_fail "$(cat "$T/prove")"; fi
    else
        echo "# prove(1) is not installed: the TAP is not parsed"
    fi
    if python3 -c 'import json, xml.dom.minidom' 2>/dev/null; then
        python3 - "$T" <<'.'
import json, sys, xml.dom.minidom
t = sys.argv[1]
text = r'it "printed" <a> & b\\n # \1' + '\ufffd\ufffd\ufffd\ufffd \u4f60\n(held, line 3)'
labs = {lab["lab"]: lab for lab in json.load(open(t + "/json", encoding="utf-8"))["labs"]}
assert labs["bus_error"]["evidence"] == text, labs["bus_error"]
assert labs["leak"]["verdict"] == "no_compile" and "leak.c:1:" in labs["leak"]["compiler"]
assert len(labs) == 6 and labs["stale_read"]["points"] == 1 and labs["bus_error"]["of"] == 2
tests = json.load(open(t + "/gradescope", encoding="utf-8"))["tests"]
assert sum(test["score"] for test in tests) == 1 and sum(test["max_score"] for test in tests) == 7
suite = xml.dom.minidom.parse(t + "/junit").getElementsByTagName("testsuite")[0]
assert [suite.getAttribute(a) for a in ("tests", "failures", "errors", "skipped")] == ["6", "3", "1", "1"]
failures = {f.parentNode.getAttribute("name"): f for f in suite.getElementsByTagName("failure")}
assert failures["bus_error"].getAttribute("message") == text
assert failures["torn_read"].getAttribute("type") == "missing"
.
    else
        echo "# python3 is not installed: JSON and XML are not parsed"
    fi
    # And run.sh writes them: at once, or at the end.
    mkdir "$T/in" "$T/checks"
    echo x >"$T/in/leak.c"
    for format in tap json; do
        labs LABS_FROM="$T/in" LAB=leak FORMAT=$format LABS_BOX=none
        [ "$status" = 1 ]
        t_says out 'does not compile'
    done
    [ "$(head -c 1 "$T/out")$(tail -n 1 "$T/out")" = '{]}' ]
}

# A folder's name is a name, whatever it looks like.
names() {
    mkdir "$T/stand" "$T/tmp"
    for name in "z'; touch pwned; echo '" '$x & | \ $$y `touch pwned` "q" #' 'a
$(touch pwned)'; do
        mkdir -p "$T/stand/$name"
        echo 'int main(void) { return x; }' >"$T/stand/$name/leak.c"
        (
            cd "$T/stand"
            status=0
            env CHECKS="$checks" make -s -C "$top" labs FORMAT=tsv LAB=leak LABS_FROM="$name" \
                >"$T/make" 2>"$T/make.err" || status=$?
            [ "$status" = 1 ] || t_fail "make: status $status: $(cat "$T/make.err")"
            LAB=leak LABS_FROM="$name" FORMAT=tsv CHECKS="$checks" TMPDIR="$T/tmp" \
                $TEST_SH "$top/tests/labs/checks/run.sh" >"$T/direct" 2>"$T/direct.err" || :
        )
        t_says make 'leak	no_compile'
        t_says direct 'leak	no_compile'
    done
    for name in "z'; touch pwned #" '$x' '"`touch pwned`'; do
        labs LAB="$name"
        [ "$status" = 2 ]
        t_run make -s labs LAB="$name"
        [ "$status" = 2 ]
        t_run make -s labs-reset LAB="$name"
        [ "$status" = 2 ]
    done
    find "$T" "$top" -name 'pwned*' -print >"$T/touched"
    t_same touched ''
}

# A copy, as a student has it, in $T/tree.
student() {
    mkdir "$T/tree" "$T/tree/data"
    cp -R Makefile README.md mmap posix_shm sysv_shm "$T/tree"
    cp data/*.txt "$T/tree/data"
    mkdir "$T/tree/tests"
    mkdir "$T/tree/tests/labs"
    cp -R tests/labs/checks tests/labs/list "$T/tree/tests/labs"
    for lab in */lab/*.c; do
        t_handed_out "$lab" >"$T/tree/$lab"
    done
    cd "$T/tree"
}

reset() {
    student
    make -s data/work/labs/torn_read.c
    cp mmap/lab/torn_read.c "$T/fresh"
    echo '/* mine */' >>mmap/lab/torn_read.c
    cp mmap/lab/torn_read.c "$T/mine"
    : >mmap/lab/torn_read
    t_run make -s labs-reset
    [ "$status" != 0 ]
    t_says err 'which lab?' '^    torn_read$' '^    leak$'
    t_run make -s labs-reset LAB=nonsense
    [ "$status" != 0 ]
    t_says err 'there is no lab nonsense' '^    torn_read$' '^    leak$'
    for answer in n '' no; do
        echo $answer | make -s labs-reset LAB=torn_read >"$T/out"
        t_says out 'Replace mmap/lab/torn_read.c, in which 1 lines are yours or gone?' \
            'Nothing has changed'
        cmp mmap/lab/torn_read.c "$T/mine"
    done
    make -s labs-reset LAB=torn_read </dev/null >"$T/out"
    cmp mmap/lab/torn_read.c "$T/mine"
    # What make and its relatives do is not the student's file, nor its copy.
    make -s clean >"$T/make"
    [ -e data/work/labs/torn_read.c ]
    make -s data/work/labs/torn_read.c
    cmp mmap/lab/torn_read.c "$T/mine"
    cmp data/work/labs/torn_read.c "$T/fresh"
    : >mmap/lab/torn_read
    echo y | make -s labs-reset LAB=torn_read >"$T/out"
    cmp mmap/lab/torn_read.c "$T/fresh"
    cmp data/work/labs/torn_read.c.old "$T/mine"
    [ ! -e mmap/lab/torn_read ]
    t_run make -s labs-reset LAB=torn_read
    t_says out 'mmap/lab/torn_read.c is as it was handed out'
    rm mmap/lab/torn_read.c
    t_run make -s labs-reset LAB=torn_read
    cmp mmap/lab/torn_read.c "$T/fresh"
}

t_it "the checks compile" built
for lab in $labs; do
    t_it "$lab: as handed out it is red, with its evidence" starter_is_red "$lab"
done
t_it "make labs: a line for each" all_labs
t_it "make labs: an unknown lab, nothing handed in" unknown_lab
t_it "make labs: what does not compile" does_not_compile
t_it "make labs: verdicts and exit status" verdicts
t_it "make labs: every format says the same" formats
t_it "make labs: any name is a name" names
t_it "make labs: on a terminal" on_a_terminal
t_it "make labs-reset: asks, keeps, renews; make keeps away" reset
t_finish
