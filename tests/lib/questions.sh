# tests/lib/questions.sh - the questions programs, for the suites of the lessons
# shellcheck shell=sh

# questions CHAPTER COUNT: the tests of CHAPTER/questions with its experiments.
t_questions() {
    t_it "questions: all $2 experiments hold" questions_hold "$@"
    t_it "questions: each number alone" questions_alone "$@"
    t_it "questions: what is no number is refused" questions_refused "$@"
    t_it "questions: colours on a terminal alone" questions_in_colour "$@"
    t_it "questions: a stdout that fails" questions_stdout_that_fails "$@"
    t_it "questions: what is not as expected is found" questions_not_as_expected "$@"
}

# headings FILE: the lines "NUMBER. QUESTION" in $T/FILE.
t_headings() {
    grep '^[ 1-9][0-9]\. ' "$T/$1"
}

questions_hold() {
    t_run "./$1/questions"
    [ "$status" = 0 ] || { cat "$T/out" && t_fail "status $status"; }
    grep -q EXPECTED "$T/out" && t_fail "EXPECTED, and status 0"
    grep '^questions' "$T/err" && t_fail "it complains"
    [ "$(t_headings out | wc -l)" = "$2" ]
    sed -n 's/^    skipped  */# skipped: /p' "$T/out"
}

questions_alone() {
    t_run "./$1/questions"
    t_headings out >"$T/all"
    n=0
    while [ $((n += 1)) -le "$2" ]; do
        t_run "./$1/questions" "$n"
        [ "$status" = 0 ]
        t_headings out >"$T/one"
        t_same one "$(sed -n "${n}p" "$T/all")"
    done
    t_run "./$1/questions" 2 1 2
    t_headings out | cut -c -3 | tr -d '\n' >"$T/order"
    [ "$(cat "$T/order")" = " 2. 1. 2." ] || t_fail "2 1 2: $(cat "$T/order")"
}

questions_refused() {
    for n in 0 $(($2 + 1)) -1 x 1x 0x1 1.5 '' 99999999999999999999 -x; do
        t_refused 2 'usage: questions' "./$1/questions" "$n"
        t_refused 2 'usage: questions' "./$1/questions" 1 "$n"
    done
    t_run "./$1/questions" -h
    [ "$status" = 0 ]
    t_says out '^usage: questions'
    t_same err ""
}

questions_in_colour() {
    export SHELL=/bin/sh
    escape=$(printf '\033')
    t_run "./$1/questions" 1
    grep -q "$escape" "$T/out" && t_fail "in a file"
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        t_skip "no script(1), or another one"
    t_run script -qec "NO_COLOR=1 ./$1/questions 1" /dev/null </dev/null
    grep -q "$escape" "$T/out" && t_fail "with NO_COLOR"
    t_run script -qec "unset NO_COLOR; ./$1/questions 1" /dev/null </dev/null
    [ "$status" = 0 ]
    t_says out "$escape"
}

questions_stdout_that_fails() {
    for to in '>/dev/full' '>&-'; do
        for arguments in '' 1 -h; do
            status=0
            # shellcheck disable=SC2086 # none, or one
            eval '"./$1/questions" $arguments' "$to" 2>"$T/err" || status=$?
            [ "$status" = 1 ] || t_fail "$arguments $to: status $status"
            t_says err 'write to stdout\|stdout or stderr is closed'
        done
    done
}

# A copy whose first expected error is another one.
questions_not_as_expected() {
    mkdir "$T/copy"
    cp "$1"/questions*.[ch] "$T/copy"
    # The last word of an expected line, with \n or a comma behind it.
    line='"[^%]*: E[A-Z]+(\\n)?",?$'
    changed=$(grep -lE "$line" "$1"/questions_*.h | head -n 1)
    [ -n "$changed" ]
    line=$line awk '!n && $0 ~ ENVIRON["line"] { n = sub(/: E[A-Z]+/, ": ENONE") }
        { print }' "$changed" >"$T/copy/${changed##*/}"
    # shellcheck disable=SC2086 # a compiler and its flags
    ${CC:-cc} "$T/copy/questions.c" -o "$T/questions" -lrt
    t_run "$T/questions"
    [ "$status" = 1 ]
    [ "$(grep -c EXPECTED "$T/out")" = 1 ]
    t_says out '^    .*: ENONE$'
    t_says err '^questions: 1 not as expected$'
}
