#!/bin/sh
# tests/house/pages.sh - what the pages show, besides their sessions: each piece
# of C is in its file, each link leads somewhere, each man page exists, what is
# drawn fits a terminal, and both languages have the same
#
# PAGES are the English ones; NAME.zh-CN.md is the Chinese one beside NAME.md.
. "$(dirname "$0")/../lib/lib.sh"
english() {
    for page in */text/*.md; do
        case $page in
        *.zh-CN.md) ;;
        *) echo "$page" ;;
        esac
    done
}
: "${PAGES:=README.md */README.md $(english) */lab/README.md}"

# pieces FILE: each ```c block under <!-- from SOURCE --> is, line for line, a
# piece of SOURCE. Under <!-- heart of SOURCE --> things may be left out: each of
# its lines, without indentation, comment and last semicolon, is there, in order.
pieces() {
    awk '
        /^<!-- (from|heart of) .* -->$/ { source = $(NF - 1); heart = $2 == "heart"; at = NR; next }
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
            if (source != "" && (heart ? !in_order(text, piece) : index("\n" text, "\n" piece) == 0)) {
                print FILENAME ":" at ": this is not in " source ":"
                printf "%s", heart ? missing "\n" : piece
                failed = 1
            }
            source = ""
            next
        }
        inside { piece = piece $0 "\n" }
        function in_order(text, piece,    n, i, line, place) {
            n = split(piece, line, "\n")
            for (i = 1; i <= n; i++) {
                sub(/^ +/, "", line[i])
                sub(/ *\/\*.*\*\/ *$/, "", line[i])
                sub(/;$/, "", line[i])
                if (line[i] == "" || line[i] == "...")
                    continue
                missing = line[i]
                if (!(place = index(text, line[i])))
                    return 0
                text = substr(text, place + length(line[i]))
            }
            return 1
        }
        END { exit failed }' "$1" || t_fail "pieces that are not as in the file"
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
    [ ! -s "$T/dead" ] || t_fail "$(cat "$T/dead")"
}
anchors() {
    LC_ALL=C awk -f tests/texts/utf8.awk -f tests/texts/anchors.awk "$1"
}

# narrow FILE: drawings and tables of figures fit 80 columns.
narrow() {
    LC_ALL=C awk -f tests/texts/utf8.awk -f tests/texts/width.awk "$1" >"$T/wide"
    [ ! -s "$T/wide" ] || t_fail "$(cat "$T/wide")"
}

# skeleton FILE: what is the same in both languages: its sessions, pieces,
# headings' levels, and links. The other language is another name. What stands
# before the first tab is the line.
skeleton() {
    awk -f tests/texts/session.awk "$1" |
        awk -F '\t' -v OFS='\t' '$1 == "skip" || $1 == "wait" { $4 = "" }
            { line = $3; $3 = ""; print line, $0 }'
    awk -v OFS='\t' '/^<!-- from/ || /^```c$/, /^```$/ { print NR, $0 }' "$1"
    awk -v OFS='\t' '/^```/ { inside = !inside }
        !inside && /^##* / { print NR, $1 " a heading" }' "$1"
    awk -v OFS='\t' '/^```/ { inside = !inside }
        {
            gsub(/\.zh-CN\.md/, ".md")
            while (!inside && match($0, /\]\([^)]*\)/)) {
                link = substr($0, RSTART + 1, RLENGTH - 1)
                $0 = substr($0, RSTART + RLENGTH)
                sub(/#.*/, ")", link)
                print NR, "a link: " link
            }
        }' "$1"
}
both_languages() {
    [ -e "${1%.md}.zh-CN.md" ] || t_fail "there is no ${1%.md}.zh-CN.md"
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
        }' "$T/one" "$T/other" || t_fail "the two languages differ"
}

# Every man page that is named exists, in that section.
man_pages() {
    command -v man >/dev/null || t_skip "man(1) is not installed"
    man -w 2 mmap >/dev/null 2>&1 || t_skip "no man pages are installed"
    # shellcheck disable=SC2086 # files
    grep -on '[a-z_A-Z0-9]*([1-8])' /dev/null $files |
        sort -t : -u -k 3 | tr '()' ':' | while IFS=: read -r file line name section _; do
        [ -z "$name" ] || man -w "$section" "$name" >/dev/null 2>&1 ||
            echo "$file:$line: there is no $name($section)"
    done >"$T/missing"
    [ ! -s "$T/missing" ] || t_fail "$(cat "$T/missing")"
}

# mentioned CHAPTER: every program, option and experiment has its place in its
# pages.
mentioned() {
    cat "$1/README.md" "$1"/text/[1-9]*[a-z].md 2>/dev/null | grep -v zh-CN >"$T/pages"
    for source in "$1"/*.c "$1"/naive/*.c "$1"/questions/*.c; do
        [ -e "$source" ] || continue
        program=${source%.c}
        case $program in
        */questions/*)
            number=${program##*/}
            number=${number%%_*}
            program="ask ${number#0}"
            ;;
        esac
        grep -q "$program\>" "$T/pages" || t_fail "$1: nothing about $program"
        [ -x "$program" ] || continue
        case $program in */naive/*) continue ;; esac
        for option in $("./$program" -h 2>&1 | sed -n '1,/^[A-Z]/p' |
            grep -o -e '\[-[a-z]' | tr -d '['); do
            grep -q -e "$option\>" "$T/pages" || t_fail "$1: nothing about $program $option"
        done
    done
    return 0
}

files=
for page in $PAGES; do
    [ -e "$page" ] || continue
    chinese=${page%.md}.zh-CN.md
    for file in "$page" "$chinese"; do
        [ -e "$file" ] || continue
        files="$files $file"
        t_it "$file: every piece of C" pieces "$file"
        t_it "$file: every link" links "$file"
        t_it "$file: drawings and figures fit 80 columns" narrow "$file"
    done
    folder=${page%README.md}
    # The first page has its Chinese in it; that of the tests is for maintainers.
    case $folder in
    '' | tests/) continue ;;
    esac
    t_it "$page: the same in Chinese" both_languages "$page"
    case $page in
    mmap/README.md | posix_shm/README.md | sysv_shm/README.md)
        t_it "$page: every option and experiment" mentioned "${folder%/}"
        ;;
    esac
done
[ -z "$files" ] || t_it "every man page that is named" man_pages
t_finish
