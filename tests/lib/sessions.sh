# tests/lib/sessions.sh - every session of a page runs: for the suites in texts/
#
# Each ```console block is a session: what begins with `$ ` is typed, in one
# shell a page, or in one for each `terminal=N`, and the rest has to come back.
# Placeholders: matches.awk. Both languages have the same sessions.
#
#     : "${PAGES:=README.md mmap/README.md}"
#     t_sessions
#
# SESSION_SECONDS (20) is how long a command may take.
# shellcheck shell=sh disable=SC2154 # lib.sh has set it
: "${SESSION_SECONDS:=20}"

t_sessions() {
    for page in $PAGES; do
        t_it "$page: every session" session "$page"
    done
    t_finish
}

# terminal N: a shell, if there is none yet, that reads what is typed from a
# pipe, in a copy of the checkout: its work files and its key are its own.
terminal() {
    [ ! -p "$T/type.$1" ] || return 0
    mkfifo "$T/type.$1"
    : >"$T/seen.$1"
    (cd "$T/tree" && exec env --default-signal=INT,QUIT sh) <"$T/type.$1" >>"$T/seen.$1" 2>&1 7>&- 9>&- &
    t_remember "shell_$1" $!
    eval "shell_$1=$!"
    eval "exec $((3 + $1))>\"\$T/type.$1\""
}

matches() {
    awk -f "$top/tests/texts/matches.awk" -v "whole=$2" "$T/back.$1" "$T/seen.$1" \
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
    echo "$file:$(cat "$T/typed.$1"): $2"
    cat "$T/differs"
    echo "all that came back:"
    cat "$T/seen.$1"
    for number in $terminals; do # what a shell has started outlives it
        eval "shell=\$shell_$number"
        # shellcheck disable=SC2046,SC2154
        kill $(cat "/proc/$shell/task/$shell/children") 2>/dev/null || :
    done
    exit 1
}

# The command of this terminal ends, and all is as the README says.
finish_command() {
    [ -e "$T/typed.$1" ] || return 0
    t_within "$SESSION_SECONDS" finished "$1" || differs "$1" "does not end"
    matches "$1" 1 || differs "$1" "differs"
    rm "$T/typed.$1"
}

session() {
    file=$1
    awk -f tests/texts/session.awk "$file" >"$T/session"
    if grep -q shm "$T/session"; then t_alone shm_tutorial shm_counter; fi
    mkdir "$T/tree" "$T/tree/data"
    cp -Rp Makefile README.md mmap posix_shm sysv_shm tests .build "$T/tree"
    cp -p data/*.txt "$T/tree/data" # not data/work, where another suite may build
    (cd "$T/tree" && make -s reset >/dev/null)
    for lab in */lab/*.c; do
        [ ! -e "$lab" ] || t_handed_out "$lab" >"$T/tree/$lab"
    done
    terminals=
    tab=$(printf '\t')
    while IFS=$tab read -r what number line text; do
        case $what in
        bad) t_fail "$file:$line: $text" ;;
        skip)
            echo "# $file:$line: not run: $text"
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
            printf '%s\n' "$line: $text" >"$T/typed.$number"
            printf '%s\necho >"%s"\n' "$text" "$T/done.$number" \
                >&$((3 + number))
            ;;
        back)
            [ -e "$T/typed.$number" ] || t_fail "$file:$line: nothing was typed"
            printf '%s\n' "$text" >>"$T/back.$number"
            ;;
        stop)
            t_within 5 seen_so_far "$number" || differs "$number" "waits"
            eval "shell=\$shell_$number"
            # shellcheck disable=SC2046,SC2154 # the shell's one child
            kill -INT $(cat "/proc/$shell/task/$shell/children")
            ;;
        wait)
            t_within "$SESSION_SECONDS" seen_so_far "$number" ||
                differs "$number" "differs"
            # It has said all it has to say, and may still be at work. Who
            # reads along needs a moment, too, before the next command.
            [ -z "$text" ] || t_soon finished "$number" || :
            ;;
        esac
    done <"$T/session"
    for number in $terminals; do
        finish_command "$number"
    done
}
