#!/bin/sh
# tests/labs.sh - the checks of the labs: red for each starter and each wrong
# mend, green for each right one
#
# tests/labs/ holds mends: NAME.IDEA.c is right; NAME.IDEA.sed makes a wrong one
# of the starter, or of the right one that its first line names (# from FILE).
# Of each lab one right and one wrong mend is tried, by chance. With LAB_RUNS=20
# all are: the starter and the right ones 20 times, the wrong ones once; but a
# right one no longer than LAB_SECONDS (0: as often as said), and then the test
# says how often it was.
# LAB_NAMES: some labs, or `tools`: what is to be said of make labs itself.
# shellcheck disable=SC2086 # busybox sh
. "$(dirname "$0")/lib.sh"
: "${LAB_RUNS:=0}" "${LAB_SECONDS:=0}"
all='stale_read bus_error torn_read not_ready bounded_buffer dead_holder
    quit_loop leak first_semaphore'

if [ ! -d tests/labs ]; then
    it "the labs" skip "no mends here: they are not handed out"
    finish
fi

# The checks, from the sources that are here; as for `make labs`.
checks=$top/data/work/checks
built() {
    # shellcheck disable=SC2046 # a list
    make -s -j2 $(for lab in $all; do echo "data/work/checks/$lab"; done)
}

# The evidence that the starter is meant to give.
evidence() {
    case $1 in
    stale_read) echo 'the child read ".*", written was ".*"' ;;
    bus_error) echo 'the writer died of Bus error: there was no FILE' ;;
    torn_read) echo 'a reader saw "hello, [0-9]*": half old, half new' ;;
    not_ready) echo 'the reader died of SIGBUS\|the reader waits for ever' ;;
    bounded_buffer) echo 'after item [0-9]* it took item [0-9]* once more' ;;
    dead_holder) echo 'the next guest waits for ever' ;;
    quit_loop) echo 'burns a processor while it waits' ;;
    leak) echo 'all processes are gone, and a segment stays in ipcs' ;;
    first_semaphore) echo 'number [0-9]* was given twice' ;;
    esac
}

# starter NAME: it, in $T/NAME.c. Who mends a lab still has a green `make test`.
starter() {
    handed_out ./*/lab/"$1.c" >"$T/$1.c"
}

# mended NAME MEND: the mend, in $T/NAME.c
mended() {
    case $2 in
    *.c) cp "$2" "$T/$1.c" ;;
    *)
        from=$(sed -n '1s/^# from //p' "$2")
        if [ -n "$from" ]; then cp "tests/labs/$from" "$T/$1.c"; else starter "$1"; fi
        mv "$T/$1.c" "$T/before.c"
        sed -f "$2" "$T/before.c" >"$T/$1.c"
        if cmp -s "$T/before.c" "$T/$1.c"; then fail "$2 changes nothing"; fi
        ;;
    esac
}

# verdict NAME: of $T/NAME.c, with its evidence in $T/evidence.
verdict() {
    env LAB="$1" LABS_FROM="$T" FORMAT=tsv CHECKS="$checks" CC="${CC:-cc}" \
        $TEST_SH tests/checks/run.sh >"$T/tsv" 2>"$T/err" || :
    cut -f 3 "$T/tsv" >"$T/evidence"
    verdict=$(cut -f 2 "$T/tsv")
    [ "$verdict" != skipped ] || skip "$(cat "$T/evidence")"
}

# every MEND of a kind, or one by chance.
every() {
    ls tests/labs/"$1".*."$2" >"$T/list" 2>/dev/null || fail "there is none"
    if [ "$LAB_RUNS" -gt 0 ]; then
        cat "$T/list"
    else
        sed -n "$(($(random "$(wc -l <"$T/list")") + 1))p" "$T/list"
    fi
}

# repeated NAME VERDICT WHAT: the same each time. The program that was built for
# the first one is good for all.
repeated() {
    verdict "$1"
    [ "$verdict" = "$2" ] || fail "$3: $verdict: $(cat "$T/evidence" "$T/err")"
    n=1 begun=$(date +%s)
    while [ $((n += 1)) -le "$LAB_RUNS" ]; do
        if [ "$2" = pass ] && [ "$LAB_SECONDS" != 0 ] &&
            [ $(($(date +%s) - begun)) -ge "$LAB_SECONDS" ]; then
            echo "# $3: $((n - 1)) of $LAB_RUNS runs, for want of time"
            break
        fi
        [ -x "$T/program" ] ||
            ${CC:-cc} -std=gnu11 -O2 -g "$T/$1.c" -o "$T/program" -lrt -lpthread
        rm -rf "$T/in"
        mkdir "$T/in"
        status=0
        (cd "$T/in" && "$checks/$1" "$T/program") >"$T/evidence" 2>"$T/err" || status=$?
        case $status in
        0) verdict=pass ;;
        1) verdict=fail ;;
        *) verdict="status $status" ;;
        esac
        [ "$verdict" = "$2" ] ||
            fail "$3, run $n: $verdict: $(cat "$T/evidence" "$T/err")"
    done
    rm -f "$T/program"
}

starter_is_red() {
    starter "$1"
    repeated "$1" fail starter
    grep -q -e "$(evidence "$1")" "$T/evidence" || fail "$(cat "$T/evidence")"
}
right_is_green() {
    for mend in $(every "$1" c); do
        mended "$1" "$mend"
        repeated "$1" pass "$mend"
    done
}
wrong_is_red() {
    for mend in $(every "$1" sed); do
        mended "$1" "$mend"
        verdict "$1"
        [ "$verdict" = fail ] || fail "$mend: $verdict: $(cat "$T/evidence" "$T/err")"
        if grep -q 'does not compile' "$T/evidence"; then
            fail "$mend: $(cat "$T/err")"
        fi
    done
}

# --- make labs ------------------------------------------------------------------

# labs [VARIABLE=VALUE]...: status, $T/out, $T/err.
labs() {
    run env CHECKS="$checks" CC="${CC:-cc}" "$@" $TEST_SH tests/checks/run.sh
}
# In $T/in, where LABS_FROM leads, is what somebody has handed in.
hand_in() {
    mkdir -p "$T/in"
    cp "$1" "$T/in/$2.c"
}

all_labs() {
    mkdir "$T/in"
    for lab in $all; do
        starter "$lab"
        mv "$T/$lab.c" "$T/in"
    done
    status=0
    env CHECKS="$checks" LABS_FROM="$T/in" $TEST_SH tests/checks/run.sh \
        >"$T/out" 2>"$T/err" || status=$?
    if grep -q '^\[-\]' "$T/out"; then skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 1 ]
    [ "$(grep -c '^\[ \] ' "$T/out")" = 9 ]
    tail -n 1 "$T/out" >"$T/last"
    same last '0 of 9 done'
    awk 'length > 90' "$T/out" >"$T/long"
    same long ''
    same err ''
}
one_lab() {
    labs LAB=no_such_lab
    [ "$status" = 2 ]
    says err 'no lab no_such_lab' '^    torn_read$'
    labs LAB=torn_read FORMAT=xml
    [ "$status" = 2 ]
    mkdir "$T/in"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    same out '[ ] torn_read        not handed in
0 of 1 done'
    hand_in tests/labs/torn_read.lock.c torn_read
    labs LAB=torn_read LABS_FROM="$T/in"
    if grep -q '^\[-\]' "$T/out"; then skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 0 ]
    says out '^\[x\] torn_read        .* instants$' '^1 of 1 done$'
}
does_not_compile() {
    mkdir "$T/in"
    echo 'int main(void) { return x; }' >"$T/in/torn_read.c"
    labs LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    says out '^\[ \] torn_read        does not compile$' \
        '^torn_read.c:1:.*error:.*x' '^0 of 1 done$'
    labs LAB=torn_read LABS_FROM="$T/in" FORMAT=tsv
    same out "$(printf 'torn_read\tfail\tdoes not compile')"
    says err '^torn_read.c:1:.*error:'
}
# The student's code may do what it likes: there is an end to it, and it is said.
no_end() {
    mkdir "$T/in"
    for body in 'for (;;) ;' 'for (;;) pause();' 'for (;;) sleep(1);' \
        'for (;;) fork();' 'for (;;) puts("x");' 'raise(SIGSTOP);' 'abort();'; do
        printf '#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n' >"$T/in/torn_read.c"
        printf '#include <unistd.h>\nint main(void) { %s }\n' "$body" >>"$T/in/torn_read.c"
        status=0
        timeout 60 env CHECKS="$checks" CHECK_SECONDS=20 LAB=torn_read LABS_FROM="$T/in" \
            $TEST_SH tests/checks/run.sh >"$T/out" 2>"$T/err" || status=$?
        if grep -q '^\[-\]' "$T/out"; then skip "$(head -n 1 "$T/out")"; fi
        [ "$status" = 1 ] || fail "$body: status $status: $(cat "$T/out" "$T/err")"
        says out '^\[ \] torn_read  '
        echo "# $body $(sed -n '1s/.*torn_read *//p' "$T/out")"
    done
}
on_a_terminal() {
    export SHELL=/bin/sh
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        skip "no script(1), or another one"
    mkdir "$T/in"
    run script -qec "LABS_FROM='$T/in' $TEST_SH tests/checks/run.sh" /dev/null </dev/null
    tr -d '\r' <"$T/out" | sed 's/.*\[K//' >"$T/lines"
    tail -n 1 "$T/lines" >"$T/last"
    same last '[...........................] 0 of 9 done'
    says lines 'torn_read .*not handed in'
}
has_begun() {
    [ -n "$(find "$T" -path '*/labs.*/in')" ]
}
interrupted() {
    hand_in tests/labs/torn_read.lock.c torn_read
    for signal in INT TERM; do
        start student env CHECKS="$checks" TMPDIR="$T" LABS_FROM="$T/in" LAB=torn_read \
            $TEST_SH tests/checks/run.sh
        within 10 has_begun || fail "it does not begin"
        pause 100
        kill -$signal "$(pid student)"
        within 10 ended "$(pid student)" || fail "it does not end"
        reap student
        find "$T" -name 'labs.*' >"$T/left"
        same left ''
    done
}
# Under a debugger nobody else can trace: then there is no verdict.
no_ptrace() {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
    hand_in tests/labs/torn_read.lock.c torn_read
    run env CHECKS="$checks" LAB=torn_read LABS_FROM="$T/in" \
        strace -f -o /dev/null $TEST_SH tests/checks/run.sh
    [ "$status" = 1 ]
    says out '^\[-\] torn_read  *the check needs ptrace(2)' '^0 of 1 done'
}
# A check that held nobody has shown nothing.
holds_nobody() {
    sed 's/explore(/0 \&\& explore(/' tests/checks/torn_read.c >"$T/torn_read.c"
    mkdir "$T/checks"
    ${CC:-cc} -w -Itests/checks "$T/torn_read.c" -o "$T/checks/torn_read"
    hand_in tests/labs/torn_read.lock.c torn_read
    labs CHECKS="$T/checks" LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 1 ]
    says out '^\[!\] torn_read  *the check has held nobody' '^0 of 1 done'
}

# A copy, as a student has it, in $T/tree.
student() {
    mkdir "$T/tree"
    cp -R Makefile README.md data mmap posix_shm sysv_shm "$T/tree"
    mkdir "$T/tree/tests"
    cp -R tests/checks "$T/tree/tests"
    for lab in */lab/*.c; do
        handed_out "$lab" >"$T/tree/$lab"
    done
    cd "$T/tree"
    rm -rf data/work
}
reset() {
    student
    make -s data/work/labs/torn_read.c
    cp mmap/lab/torn_read.c "$T/fresh"
    echo '/* mine */' >>mmap/lab/torn_read.c
    cp mmap/lab/torn_read.c "$T/mine"
    : >mmap/lab/torn_read
    run make -s labs-reset
    [ "$status" != 0 ]
    says err 'which lab?' '^    torn_read$' '^    leak$'
    run make -s labs-reset LAB=nonsense
    [ "$status" != 0 ]
    says err 'there is no lab nonsense' '^    torn_read$' '^    leak$'
    for answer in n '' no; do
        echo $answer | make -s labs-reset LAB=torn_read >"$T/out"
        says out 'Replace mmap/lab/torn_read.c, in which 1 lines are yours or gone?' \
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
    run make -s labs-reset LAB=torn_read
    says out 'mmap/lab/torn_read.c is as it was handed out'
    rm mmap/lab/torn_read.c
    run make -s labs-reset LAB=torn_read
    cmp mmap/lab/torn_read.c "$T/fresh"
}
archive() {
    [ -e .git ] || skip "not a git checkout"
    git archive --worktree-attributes HEAD | tar -tf - >"$T/list"
    says list '^mmap/lab/torn_read.c$' '^tests/checks/torn_read.c$' '^tests/labs.sh$'
    if grep '^tests/labs/' "$T/list"; then fail "the mends are handed out"; fi
}
# 20 students at once (3, where LAB_RUNS is not set).
at_once() {
    copies=$((LAB_RUNS > 0 ? 20 : 3))
    mkdir "$T/in"
    for lab in $all; do
        starter "$lab"
        mv "$T/$lab.c" "$T/in"
    done
    cp tests/labs/torn_read.lock.c "$T/in/torn_read.c"
    which=torn_read
    [ "$LAB_RUNS" = 0 ] || which=
    n=0
    while [ $((n += 1)) -le $copies ]; do
        start "copy$n" env CHECKS="$checks" LABS_FROM="$T/in" LAB=$which FORMAT=tsv \
            $TEST_SH tests/checks/run.sh
    done
    n=0
    while [ $((n += 1)) -le $copies ]; do
        within 400 ended "$(pid "copy$n")" || fail "copy$n does not end"
        reap "copy$n"
        cut -f 1,2 "$T/copy$n.out" >"$T/verdicts"
        [ -e "$T/first" ] || cp "$T/verdicts" "$T/first"
        cmp "$T/first" "$T/verdicts" || fail "copy$n: $(cat "$T/copy$n.out")"
    done
    if grep -q skipped "$T/first"; then skip "$(cat "$T/copy1.out")"; fi
    grep -q '^torn_read	pass$' "$T/first" || fail "$(cat "$T/copy1.out")"
}

it "the checks compile" built
for lab in $all; do
    case " ${LAB_NAMES:-$lab} " in
    *" $lab "*) ;;
    *) continue ;;
    esac
    it "$lab: as handed out it is red, with its evidence" starter_is_red "$lab"
    it "$lab: right mends are green" right_is_green "$lab"
    it "$lab: wrong mends are red" wrong_is_red "$lab"
done
case " ${LAB_NAMES:-tools} " in
*" tools "*) ;;
*) finish ;;
esac
it "make labs: a line for each" all_labs
it "make labs: one lab, no lab, nothing handed in" one_lab
it "make labs: what does not compile" does_not_compile
it "make labs: what has no end" no_end
it "make labs: on a terminal" on_a_terminal
it "make labs: interrupted, leaves nothing" interrupted
it "make labs: without ptrace(2) there is no verdict" no_ptrace
it "make labs: a check that held nobody" holds_nobody
it "make labs: many at once" at_once
it "make labs-reset: asks, keeps, renews; make keeps away" reset
it "git archive hands out no mend" archive
finish
