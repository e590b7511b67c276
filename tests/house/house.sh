#!/bin/sh
# tests/house/house.sh - the Makefile, the sources as wholes, and the runner itself
. "$(dirname "$0")/../lib/lib.sh"

# Where programs are: the lessons, and those beside them.
sources=
for source in mmap/*.c posix_shm/*.c sysv_shm/*.c ./*/naive/*.c ./*/questions/*.c; do
    [ ! -e "$source" ] || sources="$sources ${source#./}"
done

# A copy of the checkout as cloned, in $T/tree.
copy() {
    for source in $sources; do
        folder=${source%/*}
        [ ! -d "$T/tree/$folder" ] || continue
        mkdir -p "$T/tree/$folder"
        cp "$folder"/*.[ch] "$T/tree/$folder"
    done
    mkdir "$T/tree/data"
    cp data/*.txt "$T/tree/data"
    cp -R tests Makefile "$T/tree"
    cd "$T/tree"
}

quiet() {
    "$@" >"$T/make" 2>&1 || {
        cat "$T/make"
        t_fail "$*"
    }
}

# alone COMPILER: each .c is a whole program, and has no warnings, as the compiler
# understands C by itself, and in its older and newer ways.
alone() {
    command -v "$1" >/dev/null || t_skip "$1 is not installed"
    for source in $sources; do
        "$1" -Wall -Wextra -Werror "$source" -o "$T/program" -lrt
        for std in c11 gnu17 c2x; do
            "$1" "-std=$std" -Wall -Wextra -Werror -fsyntax-only "$source" ||
                t_fail "-std=$std"
        done
    done
}

# A program that fits a screen or two is read. Where one has no more room, what
# it does could be done by the kernel, the shell or another lesson.
few_lines() {
    {
        for source in $sources; do
            case $source in */naive/*) echo "58 $source" ;; */questions/*) echo "45 $source" ;; esac
        done
        cat <<'LINES'
70 mmap/file_writer.c
50 mmap/file_reader.c
80 mmap/parent_child.c
80 mmap/unrelated_writer.c
70 mmap/unrelated_reader.c
40 mmap/unrelated.h
90 mmap/seqlock_writer.c
80 mmap/seqlock_reader.c
90 mmap/seqlock.h
199 mmap/view.c
105 posix_shm/writer.c
60 posix_shm/reader.c
95 posix_shm/message.h
75 posix_shm/sealed_writer.c
75 posix_shm/sealed_reader.c
80 posix_shm/lifeline.h
90 posix_shm/stream_writer.c
90 posix_shm/stream_reader.c
40 posix_shm/stream.h
85 posix_shm/counter.c
132 posix_shm/counter.h
100 sysv_shm/writer.c
60 sysv_shm/reader.c
60 sysv_shm/student.h
70 sysv_shm/parent_child.c
110 sysv_shm/control.c
LINES
    } >"$T/most"
    while read -r most source; do
        lines=$(wc -l <"$source")
        [ "$lines" -le "$most" ] || t_fail "$source has $lines lines, at most $most"
        echo "$source" >>"$T/counted"
    done <"$T/most"
    # And each is in that list.
    printf '%s\n' ./*/*.[ch] ./*/naive/*.c ./*/questions/*.c | sed 's,^\./,,' |
        grep -v '^tests/' | sort >"$T/there"
    sort "$T/counted" | diff - "$T/there" || t_fail "no line for it in LINES above"
}

libraries() {
    command -v readelf >/dev/null || t_skip "readelf is not installed"
    for source in $sources; do
        ${CC:-cc} "$source" -o "$T/program" -lrt
        readelf -d "$T/program" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
            grep -v '^libc\.\|^librt\.\|^ld-linux' && t_fail "$source needs more"
    done
    return 0
}

make_builds() {
    copy
    quiet make -j8
    for source in $sources; do
        [ -x "${source%.c}" ]
    done
    cmp data/test.txt data/work/test.txt
    cmp data/english.txt data/work/english.txt
    t_run make
    t_says out 'Nothing to be done'
}

# Whoever includes a header is built anew when it changes. make is asked, with
# -W, what it would do; nothing is built.
make_knows_the_headers() {
    copy
    quiet make .build
    for source in $sources; do
        : >"${source%.c}"
        chmod 755 "${source%.c}"
    done
    for source in $sources; do
        make -q "${source%.c}" || t_fail "$source would always be built"
        headers=$(${CC:-cc} -MM "$source" | tr ' ' '\n' |
            sed -n 's,[^/]*/\.\./,,; /\.h$/p')
        for header in $headers; do
            status=0
            make -q -W "$header" "${source%.c}" || status=$?
            [ "$status" = 1 ] || t_fail "$source and $header: status $status"
        done
    done
}

make_honours() {
    copy
    quiet make CFLAGS=-O1 CPPFLAGS=-DSOMETHING LDFLAGS=-Wl,-O1 LDLIBS=-lc -n
    for flag in -O1 -DSOMETHING -Wl,-O1 -lc; do
        grep -q -e " $flag" "$T/make" || t_fail "$flag on the command line"
    done
    quiet env CFLAGS=-O1 CPPFLAGS=-DSOMETHING LDFLAGS=-Wl,-O1 LDLIBS=-lc make -n
    for flag in -O1 -DSOMETHING -Wl,-O1 -lc; do
        grep -q -e " $flag" "$T/make" || t_fail "$flag in the environment"
    done
    quiet env CC=some-cc make -n
    grep -q '^some-cc ' "$T/make" || t_fail "CC in the environment"
    quiet make SANITIZE=address,undefined -n
    grep -q -e ' -fsanitize=address,undefined ' "$T/make"
    # Other flags build anew.
    quiet make -j4
    make -q CFLAGS=-O1 && t_fail "-O1 is not built anew"
    make -q
}

# Each target that is no file, with a word on what it does.
make_help() {
    t_run make -s help
    cp "$T/out" "$T/help"
    for target in $(sed -n '/^\.PHONY/,/[^\\]$/p' Makefile | tr -d '\\\n' | sed 's/.*: *//; s/FORCE//'); do
        grep -q "^make $target  *[a-z]" "$T/help" || t_fail "make help: nothing about $target"
    done
    [ "$(wc -l <"$T/help")" -ge 15 ]
}

# A lab that is not done is a status, and no breakage of make; a broken check is one.
make_labs_status() {
    copy
    mkdir -p "$T/in"
    for flags in '' -s -j8 "-C $T/tree"; do
        # shellcheck disable=SC2086 # words
        t_run make $flags labs LAB=torn_read LABS_FROM="$T/in"
        [ "$status" = 1 ] || t_fail "make $flags labs: status $status"
        t_says out '^\[ \] torn_read  *not handed in$' '^0 of 1 done$'
        if grep 'Error\|\*\*\*' "$T/out" "$T/err"; then t_fail "make $flags labs"; fi
    done
    t_run make labs LAB=nonsense
    [ "$status" = 2 ]
    t_says err 'no lab nonsense' 'Error 2'
    echo broken >>tests/labs/checks/torn_read.c
    t_run make labs LAB=torn_read
    [ "$status" = 2 ]
    t_says err 'error:'
}

# The list of the labs is what is there, and what the pages show.
labs_list() {
    awk '!/^#/ { sub("/", "/lab/", $1); print $1 ".c" }' tests/labs/list | sort >"$T/listed"
    printf '%s\n' */lab/*.c | sort >"$T/there"
    cmp "$T/listed" "$T/there"
    awk -F '[/\t]' '!/^#/ { print $2 }' tests/labs/list >"$T/labs"
    while read -r lab; do
        [ -e "tests/labs/checks/$lab.c" ] || t_fail "no check of $lab"
        grep -q "$lab" README.md || t_fail "README.md: nothing about $lab"
        grep -q "^## .*: $lab$" ./*/lab/README.md || t_fail "no page of $lab"
        for mend in c sed; do
            [ ! -d tests/labs/mends ] || ls "tests/labs/mends/$lab".*."$mend" >"$T/mends"
        done
    done <"$T/labs"
}

archive() {
    git rev-parse HEAD >"$T/head" 2>&1 || t_skip "$(tail -n 1 "$T/head")"
    git archive --worktree-attributes HEAD | tar -tf - >"$T/list"
    t_says list '^mmap/lab/torn_read.c$' '^tests/labs/checks/torn_read.c$' '^tests/labs/labs.sh$'
    if grep '^tests/labs/mends/' "$T/list"; then t_fail "the mends are handed out"; fi
}

make_reset_and_clean() {
    copy
    quiet make -j4
    ./mmap/file_writer >"$T/out" 2>&1
    quiet make
    cmp data/test.txt data/work/test.txt && t_fail "make took a lesson's work away"
    echo 'int mine;' >data/work/mine.c
    mkdir mmap/lab
    cp "$top/mmap/lab/stale_read.c" mmap/lab
    quiet make data/work/labs/stale_read.c
    echo '/* mended */' >>mmap/lab/stale_read.c
    quiet make reset
    cmp data/test.txt data/work/test.txt
    cmp "$top/mmap/lab/stale_read.c" data/work/labs/stale_read.c ||
        t_fail "make reset has lost a lab as it was handed out"
    quiet make clean
    cmp "$top/mmap/lab/stale_read.c" data/work/labs/stale_read.c
    rm data/work/mine.c # fails if reset or clean took it away
    cp "$top/mmap/lab/stale_read.c" mmap/lab
    quiet make clean
    for source in $sources; do
        [ ! -e "${source%.c}" ]
    done
    [ ! -e data/work ]
    diff -r data "$top/data" | grep -v '^Only in .*: work$' && t_fail "data/ changed"
    return 0
}

texts() {
    for text in data/test.txt data/english.txt; do
        [ "$(wc -c <"$text")" -ge 56 ]
        LC_ALL=C grep -q '[^ -~]' "$text" && t_fail "$text is not plain English"
    done
    return 0
}

nothing_else_on_top() {
    git rev-parse HEAD >"$T/head" 2>&1 || t_skip "$(tail -n 1 "$T/head")"
    git ls-files | sed 's,/.*,,' | sort -u | grep -v '^\.' >"$T/out"
    t_same out 'Makefile
README.md
data
mmap
posix_shm
sysv_shm
tests'
}

for cc in gcc clang musl-gcc; do
    t_it "each .c compiles alone with $cc" alone $cc
done
t_it "no program has more lines than it may" few_lines
t_it "no program needs more than libc and librt" libraries
t_it "make -j builds all, once" make_builds
t_it "make knows who includes which header" make_knows_the_headers
t_it "make honours the flags it is given" make_honours
t_it "make help lists every target" make_help
t_it "make labs: a lab that is not done is no error of make" make_labs_status
t_it "the list of the labs is whole" labs_list
t_it "make reset renews, make clean removes" make_reset_and_clean
t_it "data/ holds English prose" texts
t_it "nothing else stands at the top" nothing_else_on_top
t_it "git archive hands out no mend" archive
t_finish
