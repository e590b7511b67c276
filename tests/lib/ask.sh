# tests/lib/ask.sh - the questions of a chapter, for the suites of the lessons
# shellcheck shell=sh disable=SC2154 # $T and $status: lib.sh

# t_ask CHAPTER: the tests of CHAPTER/questions/.
t_ask() {
    t_ask=./$1/questions/ask
    t_it "questions: all hold" t_ask_holds "$1"
    t_it "questions: what is no number is refused" t_ask_refuses "$1"
    t_it "questions: colours on a terminal alone" t_ask_in_colour
    t_it "questions: each sees what is not as expected" t_ask_expects "$1"
    t_it "questions: a stdout that fails" t_ask_stdout_that_fails
}

t_ask_holds() {
    t_many=$(find "$1/questions" -name '[0-9]*.c' | wc -l)
    t_run "$t_ask"
    [ "$status" = 0 ] || { cat "$T/out" && t_fail "status $status"; }
    grep -o '^[ 1-9][0-9]\. ' "$T/out" | tr -d ' .' >"$T/numbers"
    t_same numbers "$(seq "$t_many")"
    if grep EXPECTED "$T/out"; then t_fail "EXPECTED, and status 0"; fi
    grep -v '^qemu: ' "$T/err" >"$T/said" || : # an emulator tells of each signal
    t_same said ''
    sed -n 's/^    skipped: */# skipped: /p' "$T/out"
    awk 'length > 80' "$T/out" >"$T/wide"
    t_same wide ''
    t_run "$t_ask" 2 1 2
    grep -o '^[ 1-9][0-9]\.' "$T/out" | tr -d '\n' >"$T/order"
    [ "$(cat "$T/order")" = " 2. 1. 2." ]
}
t_ask_refuses() {
    t_many=$(find "$1/questions" -name '[0-9]*.c' | wc -l)
    for n in 0 $((t_many + 1)) -1 x 1x 1.5 '' 99999999999999999999 -h; do
        t_refused 2 'usage: ask' "$t_ask" "$n"
        t_refused 2 'usage: ask' "$t_ask" 1 "$n"
    done
}
t_ask_in_colour() {
    escape=$(printf '\033')
    t_run "$t_ask" 1
    if grep "$escape" "$T/out"; then t_fail "in a file"; fi
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        t_skip "no script(1), or another one"
    t_run script -qec "NO_COLOR=1 $t_ask 1" /dev/null </dev/null
    if grep "$escape" "$T/out"; then t_fail "with NO_COLOR"; fi
    t_run script -qec "unset NO_COLOR; $t_ask 1" /dev/null </dev/null
    [ "$status" = 0 ]
    t_says out "$escape"
}
# Each compiles alone, and sees when something is not as it expects.
t_ask_expects() {
    for source in "$1"/questions/[0-9]*.c; do
        sed 's/expect("[^"]*"/expect("something else"/' "$source" >"$T/q.c"
        cmp -s "$source" "$T/q.c" && t_fail "$source expects nothing"
        ${CC:-cc} -w -I"$1/questions" "$T/q.c" -o "$T/q" -lrt -pthread
        t_run "$T/q"
        if ! grep -q 'skipped:' "$T/out"; then
            [ "$status" = 1 ] || t_fail "$source: status $status"
            t_says out EXPECTED
        fi
    done
}
t_ask_stdout_that_fails() {
    status=0
    "$t_ask" 3 >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'write to stdout'
}
