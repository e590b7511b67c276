#!/bin/sh
# tests/tutorial.sh - every line of the READMEs runs
#
# Each ```console block is a session: what begins with `$ ` is typed, in one
# shell a chapter, or in one for each `terminal=N`, and the rest has to come
# back. Placeholders: matches.awk. Each ```c block under <!-- from FILE --> is a
# piece of FILE. Both languages have the same sessions, pieces and links.
. "$(dirname "$0")/lib.sh"

# One run of the lessons at a time for this user: they have their own names.
alone() {
    exec 7</dev/shm
    flock -w 120 7 || skip "another run holds /dev/shm"
    [ ! -e "/dev/shm/shm_tutorial.$(id -u)" ] || skip "shm_tutorial is in use"
}

# terminal N: a shell, if there is none yet, that reads what is typed from a
# pipe, in a copy of the checkout: its work files and its key are its own.
terminal() {
    [ ! -p "$T/type.$1" ] || return 0
    mkfifo "$T/type.$1"
    : >"$T/seen.$1"
    (cd "$T/tree" && exec sh) <"$T/type.$1" >>"$T/seen.$1" 2>&1 7>&- 9>&- &
    all="$all $!"
    eval "shell_$1=$!"
    eval "exec $((3 + $1))>\"\$T/type.$1\""
}

matches() {
    awk -f "$top/tests/matches.awk" -v "whole=$2" "$T/back.$1" "$T/seen.$1" \
        >"$T/differs"
}
finished() {
    [ ! -e "$T/typed.$1" ] || [ -e "$T/done.$1" ]
}
seen_so_far() {
    matches "$1" 0 || { finished "$1" && [ -e "$T/typed.$1" ]; }
}

# differs N WHY: the line of the README, and what is not as it says.
differs() {
    echo "$file:$line: $2: $(cat "$T/typed.$1")"
    cat "$T/differs"
    echo "all that came back:"
    cat "$T/seen.$1"
    exit 1
}

# The command of this terminal is over, and all is as the README says.
finish_command() {
    [ -e "$T/typed.$1" ] || return 0
    within 20 finished "$1" || differs "$1" "does not end"
    matches "$1" 1 || differs "$1" "differs"
    rm "$T/typed.$1"
}

session() {
    file=$1
    alone
    mkdir "$T/tree"
    cp -R Makefile README.md data mmap posix_shm sysv_shm tests .build "$T/tree"
    (cd "$T/tree" && make -s reset >/dev/null)
    awk -f tests/session.awk "$file" >"$T/session"
    terminals=
    while read -r what number line text; do
        case $what in
        bad) fail "$file: line $number: $line $text" ;;
        skip)
            echo "# $file:$number: not run: $line $text"
            continue
            ;;
        esac
        case " $terminals " in
        *" $number "*) ;;
        *)
            terminals="$terminals $number"
            terminal "$number"
            ;;
        esac
        case $what in
        type)
            finish_command "$number"
            : >"$T/seen.$number"
            : >"$T/back.$number"
            rm -f "$T/done.$number"
            printf '%s\n' "$text" >"$T/typed.$number"
            printf '%s\necho >"%s"\n' "$text" "$T/done.$number" \
                >&$((3 + number))
            ;;
        back)
            [ -e "$T/typed.$number" ] || fail "$file:$line: nothing was typed"
            printf '%s\n' "$text" >>"$T/back.$number"
            ;;
        stop)
            within 5 seen_so_far "$number" || differs "$number" "waits"
            eval "shell=\$shell_$number"
            # shellcheck disable=SC2046,SC2154 # the shell's one child
            kill -INT $(cat "/proc/$shell/task/$shell/children")
            ;;
        wait)
            within 20 seen_so_far "$number" || differs "$number" "differs"
            ;;
        esac
    done <"$T/session"
    for number in $terminals; do
        finish_command "$number"
    done
}

for readme in README.md */README.md */README.zh-CN.md; do
    [ ! -e "$readme" ] || it "$readme: every session" session "$readme"
done
finish
