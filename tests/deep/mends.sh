#!/bin/sh
# tests/deep/mends.sh - the checks of the labs: green for each right mend, red for
# each wrong one
#
# tests/labs/mends/ holds them: NAME.IDEA.c is right; NAME.IDEA.sed makes a wrong
# one of the starter, or of the right one that its first line names (# from FILE).
# Of each lab one right and one wrong mend is tried, by chance. With LAB_RUNS=20
# all are: the starter and the right ones 20 times, the wrong ones once; but a
# right one no longer than LAB_SECONDS (0: as often as said), and then the test
# says how often it was.
# LAB_NAMES: some labs, or `tools`: what is to be said of make labs itself.
# shellcheck disable=SC2086 # busybox sh
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/labs.sh"

if [ ! -d tests/labs/mends ]; then
    t_it "the mends" t_skip "they are not handed out"
    t_finish
fi

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
        [ "$verdict" = fail ] || t_fail "$mend: $verdict: $(cat "$T/evidence" "$T/err")"
        if grep -q 'does not compile' "$T/evidence"; then
            t_fail "$mend: $(cat "$T/err")"
        fi
    done
}

one_lab() {
    hand_in tests/labs/mends/torn_read.lock.c torn_read
    labs LAB=torn_read LABS_FROM="$T/in"
    if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 0 ]
    t_says out '^\[x\] torn_read        .* instants$' '^1 of 1 done$'
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
            $TEST_SH tests/labs/checks/run.sh >"$T/out" 2>"$T/err" || status=$?
        if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
        [ "$status" = 1 ] || t_fail "$body: status $status: $(cat "$T/out" "$T/err")"
        t_says out '^\[ \] torn_read  '
        echo "# $body $(sed -n '1s/.*torn_read *//p' "$T/out")"
    done
}

has_begun() {
    [ -n "$(find "$T" -path '*/labs.*/in')" ]
}

interrupted() {
    hand_in tests/labs/mends/torn_read.lock.c torn_read
    for signal in INT TERM; do
        t_start student env CHECKS="$checks" TMPDIR="$T" LABS_FROM="$T/in" LAB=torn_read \
            $TEST_SH tests/labs/checks/run.sh
        t_within 10 has_begun || t_fail "it does not begin"
        t_pause 100
        kill -$signal "$(t_pid student)"
        t_within 10 t_ended "$(t_pid student)" || t_fail "it does not end"
        t_reap student
        find "$T" -name 'labs.*' >"$T/left"
        t_same left ''
    done
}

# Under a debugger nobody else can trace: then there is no verdict.
no_ptrace() {
    command -v strace >/dev/null || t_skip "strace is not installed"
    strace -o /dev/null true 2>/dev/null || t_skip "strace cannot trace here"
    hand_in tests/labs/mends/torn_read.lock.c torn_read
    t_run env CHECKS="$checks" LAB=torn_read LABS_FROM="$T/in" \
        strace -f -o /dev/null $TEST_SH tests/labs/checks/run.sh
    [ "$status" = 77 ]
    t_says out '^\[-\] torn_read  *the check needs ptrace(2)' '^0 of 1 done'
}

# A check that held nobody has shown nothing.
holds_nobody() {
    sed 's/explore[_two]*(/0 \&\& &/' tests/labs/checks/torn_read.c >"$T/torn_read.c"
    mkdir "$T/checks"
    ${CC:-cc} -w -Itests/labs/checks "$T/torn_read.c" data/work/checks/engine/*.o \
        -o "$T/checks/torn_read"
    hand_in tests/labs/mends/torn_read.lock.c torn_read
    labs CHECKS="$T/checks" LAB=torn_read LABS_FROM="$T/in"
    [ "$status" = 77 ]
    t_says out '^\[!\] torn_read  *the check has held nobody' '^0 of 1 done'
}

# 20 students at once (3, where LAB_RUNS is not set).
at_once() {
    copies=$((LAB_RUNS > 0 ? 20 : 3))
    mkdir "$T/in"
    for lab in $labs; do
        starter "$lab"
        mv "$T/$lab.c" "$T/in"
    done
    cp tests/labs/mends/torn_read.lock.c "$T/in/torn_read.c"
    which=torn_read
    [ "$LAB_RUNS" = 0 ] || which=
    n=0
    while [ $((n += 1)) -le $copies ]; do
        t_start "copy$n" env CHECKS="$checks" LABS_FROM="$T/in" LAB=$which FORMAT=tsv \
            $TEST_SH tests/labs/checks/run.sh
    done
    n=0
    while [ $((n += 1)) -le $copies ]; do
        t_within 400 t_ended "$(t_pid "copy$n")" || t_fail "copy$n does not end"
        t_reap "copy$n"
        cut -f 1,2 "$T/copy$n.out" >"$T/verdicts"
        [ -e "$T/first" ] || cp "$T/verdicts" "$T/first"
        cmp "$T/first" "$T/verdicts" || t_fail "copy$n: $(cat "$T/copy$n.out")"
    done
    if grep -q skipped "$T/first"; then t_skip "$(cat "$T/copy1.out")"; fi
    grep -q '^torn_read	pass$' "$T/first" || t_fail "$(cat "$T/copy1.out")"
}

t_it "the checks compile" built
for lab in $labs; do
    case " ${LAB_NAMES:-$lab} " in
    *" $lab "*) ;;
    *) continue ;;
    esac
    t_it "$lab: as handed out it is red" starter_is_red "$lab"
    t_it "$lab: right mends are green" right_is_green "$lab"
    t_it "$lab: wrong mends are red" wrong_is_red "$lab"
done
case " ${LAB_NAMES:-tools} " in
*" tools "*) ;;
*) t_finish ;;
esac
t_it "make labs: a mended lab is done" one_lab
t_it "make labs: what has no end" no_end
t_it "make labs: interrupted, leaves nothing" interrupted
t_it "make labs: without ptrace(2) there is no verdict" no_ptrace
t_it "make labs: a check that held nobody" holds_nobody
t_it "make labs: many at once" at_once
t_finish
