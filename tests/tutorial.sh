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
    for name in shm_tutorial shm_stream; do
        [ ! -e "/dev/shm/$name.$(id -u)" ] || skip "$name is in use"
    done
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
    cp -Rp Makefile README.md data mmap posix_shm sysv_shm tests .build "$T/tree"
    (cd "$T/tree" && make -s reset >/dev/null)
    awk -f tests/session.awk "$file" >"$T/session"
    terminals=
    tab=$(printf '\t')
    while IFS=$tab read -r what number line text; do
        case $what in
        bad) fail "$file:$line: $text" ;;
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

# pieces FILE: each ```c block under <!-- from SOURCE --> is, line for line, a
# piece of SOURCE.
pieces() {
    awk -v T="$T" '
        /^<!-- from .* -->$/ { source = $3; at = NR; next }
        /^```c$/ {
            if (source == "") {
                print FILENAME ":" NR ": a piece of no file: <!-- from FILE -->"
                failed = 1
            }
            inside = 1
            piece = ""
            next
        }
        /^```/ && inside {
            inside = 0
            text = ""
            while ((getline line <source) > 0)
                text = text line "\n"
            close(source)
            if (index("\n" text, "\n" piece) == 0) {
                print FILENAME ":" at ": this is not in " source ":"
                printf "%s", piece
                failed = 1
            }
            source = ""
            next
        }
        inside { piece = piece $0 "\n" }
        END { exit failed }' "$1" || fail "pieces that are not as in the file"
}

# links FILE: each relative link leads to something.
links() {
    grep -o ']([^)]*)' "$1" | sed 's/^](//; s/)$//; s/#.*//' | sort -u |
        while read -r link; do
            case $link in
            '' | *://*) ;;
            *)
                [ -e "$(dirname "$1")/$link" ] ||
                    echo "$1: there is no $link"
                ;;
            esac
        done >"$T/dead"
    [ ! -s "$T/dead" ] || fail "$(cat "$T/dead")"
}

# skeleton FILE: what is the same in both languages: its sessions, pieces,
# links, and how its headings stand. The other language is another name.
skeleton() {
    {
        awk -f tests/session.awk "$1" | cut -f 1,2,4- | sed 's/^skip.*/skip/'
        awk '/^<!-- from/ || /^```c$/, /^```$/' "$1"
        grep -o '^##* ' "$1"
        grep -o ']([^)]*)' "$1" | sed 's/README\.zh-CN\.md/README.md/; s/#.*)/)/'
    }
}
both_languages() {
    skeleton "$1" >"$T/one"
    skeleton "${1%.md}.zh-CN.md" >"$T/other"
    diff "$T/one" "$T/other" || fail "the two languages differ"
}

# Every man page that is named exists, in that section.
man_pages() {
    command -v man >/dev/null || skip "man(1) is not installed"
    man -w 2 mmap >/dev/null 2>&1 || skip "no man pages are installed"
    cat ./README.md ./*/README.md ./*/README.zh-CN.md 2>/dev/null |
        grep -o '[a-z_A-Z0-9]*([1-8])' | sort -u |
        while IFS='()' read -r name section _; do
            [ -z "$name" ] || man -w "$section" "$name" >/dev/null 2>&1 ||
                echo "$name($section)"
        done >"$T/missing"
    [ ! -s "$T/missing" ] || fail "no such page: $(tr '\n' ' ' <"$T/missing")"
}

# Every option and experiment has its place in a chapter.
mentioned() {
    for source in "$1"/*.c; do
        program=${source%.c}
        grep -q "$program" "$1/README.md" || fail "$program is not mentioned"
        for option in $("./$program" -h | sed -n '1,/^[A-Z]/p' |
            grep -o -e '\[-[a-z]' | tr -d '['); do
            grep -q -e "$option" "$1/README.md" ||
                fail "$program $option is not mentioned"
        done
    done
    n=0
    "./$1/questions" | grep -c '^[ 1-9][0-9]\. ' >"$T/count"
    while [ $((n += 1)) -le "$(cat "$T/count")" ]; do
        grep -q "questions $n\>" "$1/README.md" || fail "no questions $n"
    done
}

for readme in README.md */README*.md; do
    [ -e "$readme" ] || continue
    case $readme in
    *.zh-CN.md) ;; # the same sessions, as both_languages proves
    *) it "$readme: every session" session "$readme" ;;
    esac
    it "$readme: every piece of C" pieces "$readme"
    it "$readme: every link" links "$readme"
done
for readme in */README.md; do
    [ -e "$readme" ] || continue
    it "$readme: the same in Chinese" both_languages "$readme"
    it "$readme: every option and experiment" mentioned "${readme%/README.md}"
done
it "every man page that is named" man_pages
finish
