#!/bin/sh
# tests/tutorial.sh - every line of the READMEs runs
#
# Each ```console block is a session: what begins with `$ ` is typed, in one
# shell a chapter, or in one for each `terminal=N`, and the rest has to come
# back. Placeholders: matches.awk. Each ```c block under <!-- from FILE --> is a
# piece of FILE. Both languages have the same sessions, pieces and links.
#
# READMES are the files (in ./ and */); SESSION_SECONDS (20) is how long a
# command may take.
. "$(dirname "$0")/lib.sh"
: "${READMES:=README.md */README*.md}" "${SESSION_SECONDS:=20}"

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

# The command of this terminal ends, and all is as the README says.
finish_command() {
    [ -e "$T/typed.$1" ] || return 0
    within "$SESSION_SECONDS" finished "$1" || differs "$1" "does not end"
    matches "$1" 1 || differs "$1" "differs"
    rm "$T/typed.$1"
}

session() {
    file=$1
    awk -f tests/session.awk "$file" >"$T/session"
    if grep -q shm "$T/session"; then alone; fi
    mkdir "$T/tree"
    cp -Rp Makefile README.md data mmap posix_shm sysv_shm tests .build "$T/tree"
    (cd "$T/tree" && make -s reset >/dev/null)
    for lab in */lab/*.c; do
        [ ! -e "$lab" ] || handed_out "$lab" >"$T/tree/$lab"
    done
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
            within "$SESSION_SECONDS" seen_so_far "$number" ||
                differs "$number" "differs"
            # It has said all it has to say, and may still be at work. Who
            # reads along needs a moment, too, before the next command.
            [ -z "$text" ] || within 1 finished "$number" || :
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
            while (source != "" && (getline line <source) > 0)
                text = text line "\n"
            close(source)
            if (source != "" && index("\n" text, "\n" piece) == 0) {
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

# links FILE: each relative link leads to something, and its anchor to a
# heading there.
links() {
    awk '/^```/ { inside = !inside }
        inside { next }
        {
            while (match($0, /\]\([^)]*\)/)) {
                print FNR, substr($0, RSTART + 2, RLENGTH - 3)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' "$1" >"$T/links"
    while read -r line link; do
        case $link in
        *://*) continue ;;
        *#*) anchor=${link#*#} ;;
        *) anchor= ;;
        esac
        link=${link%%#*}
        target=$(dirname "$1")/$link
        [ -n "$link" ] || target=$1
        if [ ! -e "$target" ]; then
            echo "$1:$line: there is no $link"
        elif [ -n "$anchor" ] && ! anchors "$target" | grep -qxF -e "$anchor"; then
            echo "$1:$line: no heading of $target is #$anchor"
        fi
    done <"$T/links" >"$T/dead"
    [ ! -s "$T/dead" ] || fail "$(cat "$T/dead")"
}
anchors() {
    LC_ALL=C awk -f tests/utf8.awk -f tests/anchors.awk "$1"
}

# narrow FILE: drawings and tables of figures fit 80 columns.
narrow() {
    LC_ALL=C awk -f tests/utf8.awk -f tests/width.awk "$1" >"$T/wide"
    [ ! -s "$T/wide" ] || fail "$(cat "$T/wide")"
}

# skeleton FILE: what is the same in both languages: its sessions, pieces,
# headings' levels, and links. The other language is another name. What stands
# before the first tab is the line.
skeleton() {
    awk -f tests/session.awk "$1" |
        awk -F '\t' -v OFS='\t' '$1 == "skip" || $1 == "wait" { $4 = "" }
            { line = $3; $3 = ""; print line, $0 }'
    awk -v OFS='\t' '/^<!-- from/ || /^```c$/, /^```$/ { print NR, $0 }' "$1"
    awk -v OFS='\t' '/^```/ { inside = !inside }
        !inside && /^##* / { print NR, $1 " a heading" }' "$1"
    awk -v OFS='\t' '/^```/ { inside = !inside }
        {
            gsub(/README\.zh-CN\.md/, "README.md")
            while (!inside && match($0, /\]\([^)]*\)/)) {
                link = substr($0, RSTART + 1, RLENGTH - 1)
                $0 = substr($0, RSTART + RLENGTH)
                sub(/#.*/, ")", link)
                print NR, "a link: " link
            }
        }' "$1"
}
both_languages() {
    [ -e "${1%.md}.zh-CN.md" ] || fail "there is no ${1%.md}.zh-CN.md"
    skeleton "$1" >"$T/one"
    skeleton "${1%.md}.zh-CN.md" >"$T/other"
    awk -F '\t' -v one="$1:" -v other="${1%.md}.zh-CN.md:" '
        {
            line = $1
            sub(/^[^\t]*\t/, "")
        }
        FILENAME == ARGV[1] {
            at[NR] = line
            has[NR] = $0
            many = NR
            next
        }
        !differs && (FNR > many || has[FNR] != $0) {
            print one (FNR > many ? " nothing more" : at[FNR] ": " has[FNR])
            print other line ": " $0
            differs = 1
        }
        END {
            if (!differs && FNR < many) {
                print one at[FNR + 1] ": " has[FNR + 1]
                print other " nothing more"
                differs = 1
            }
            exit differs
        }' "$T/one" "$T/other" || fail "the two languages differ"
}

# Every man page that is named exists, in that section.
man_pages() {
    command -v man >/dev/null || skip "man(1) is not installed"
    man -w 2 mmap >/dev/null 2>&1 || skip "no man pages are installed"
    # shellcheck disable=SC2086 # files
    grep -on '[a-z_A-Z0-9]*([1-8])' /dev/null $files |
        sort -t : -u -k 3 | tr '()' ':' | while IFS=: read -r file line name section _; do
        [ -z "$name" ] || man -w "$section" "$name" >/dev/null 2>&1 ||
            echo "$file:$line: there is no $name($section)"
    done >"$T/missing"
    [ ! -s "$T/missing" ] || fail "$(cat "$T/missing")"
}

# Every option and experiment has its place in a chapter.
mentioned() {
    readme=$1/README.md
    for source in "$1"/*.c; do
        program=${source%.c}
        grep -q "$program" "$readme" || fail "$readme: nothing about $program"
        for option in $("./$program" -h | sed -n '1,/^[A-Z]/p' |
            grep -o -e '\[-[a-z]' | tr -d '['); do
            grep -q -e "$option\>" "$readme" ||
                fail "$readme: nothing about $program $option"
        done
    done
    n=0
    "./$1/questions" | grep -c '^[ 1-9][0-9]\. ' >"$T/count"
    while [ $((n += 1)) -le "$(cat "$T/count")" ]; do
        grep -q "questions $n\>" "$readme" ||
            fail "$readme: nothing about $1/questions $n"
    done
}

files=
for readme in $READMES; do
    [ ! -e "$readme" ] || files="$files $readme"
done
for readme in $files; do
    case $readme in
    *.zh-CN.md) ;; # the same sessions, as both_languages proves
    *) it "$readme: every session" session "$readme" ;;
    esac
    it "$readme: every piece of C" pieces "$readme"
    it "$readme: every link" links "$readme"
    it "$readme: drawings and figures fit 80 columns" narrow "$readme"
done
for readme in $files; do
    folder=${readme%README.md}
    case $readme in
    *.zh-CN.md) continue ;;
    */*) it "$readme: the same in Chinese" both_languages "$readme" ;;
    esac
    # A chapter has programs, and its questions.
    [ ! -e "${folder:-./}questions.c" ] ||
        it "$readme: every option and experiment" mentioned "${folder%/}"
done
[ -z "$files" ] || it "every man page that is named" man_pages
finish
