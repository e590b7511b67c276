#!/bin/sh
# tests/house.sh - the Makefile, the sources as wholes, and the runner itself
. "$(dirname "$0")/lib.sh"

sources=$(echo mmap/*.c posix_shm/*.c sysv_shm/*.c)

# A copy of the checkout as cloned, in $T/tree.
copy() {
    mkdir -p "$T/tree"
    for folder in mmap posix_shm sysv_shm; do
        mkdir "$T/tree/$folder"
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
        fail "$*"
    }
}

# alone COMPILER: each .c is a whole program, and has no warnings.
alone() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
    for source in $sources; do
        "$1" -Wall -Wextra -Werror "$source" -o "$T/program" -lrt
    done
}

libraries() {
    command -v readelf >/dev/null || skip "readelf is not installed"
    for source in $sources; do
        ${CC:-cc} "$source" -o "$T/program" -lrt
        readelf -d "$T/program" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
            grep -v '^libc\.\|^librt\.\|^ld-linux' && fail "$source needs more"
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
    run make
    says out 'Nothing to be done'
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
        make -q "${source%.c}" || fail "$source would always be built"
        headers=$(${CC:-cc} -MM "$source" | tr ' ' '\n' |
            sed -n 's,[^/]*/\.\./,,; /\.h$/p')
        for header in $headers; do
            status=0
            make -q -W "$header" "${source%.c}" || status=$?
            [ "$status" = 1 ] || fail "$source and $header: status $status"
        done
    done
}

make_honours() {
    copy
    quiet make CFLAGS=-O1 CPPFLAGS=-DSOMETHING LDFLAGS=-Wl,-O1 LDLIBS=-lc -n
    for flag in -O1 -DSOMETHING -Wl,-O1 -lc; do
        grep -q -e " $flag" "$T/make" || fail "$flag on the command line"
    done
    quiet env CFLAGS=-O1 CPPFLAGS=-DSOMETHING LDFLAGS=-Wl,-O1 LDLIBS=-lc make -n
    for flag in -O1 -DSOMETHING -Wl,-O1 -lc; do
        grep -q -e " $flag" "$T/make" || fail "$flag in the environment"
    done
    quiet env CC=some-cc make -n
    grep -q '^some-cc ' "$T/make" || fail "CC in the environment"
    quiet make SANITIZE=address,undefined -n
    grep -q -e ' -fsanitize=address,undefined ' "$T/make"
    # Other flags build anew.
    quiet make -j4
    make -q CFLAGS=-O1 && fail "-O1 is not built anew"
    make -q
}

make_help() {
    run make -s help
    for target in all test check windows stress models bench lint reset clean help; do
        says out "^make $target  *[a-z]"
    done
}

make_reset_and_clean() {
    copy
    quiet make -j4
    ./mmap/file_writer >"$T/out" 2>&1
    quiet make
    cmp data/test.txt data/work/test.txt && fail "make took a lesson's work away"
    quiet make reset
    cmp data/test.txt data/work/test.txt
    quiet make clean
    for source in $sources; do
        [ ! -e "${source%.c}" ]
    done
    [ ! -e data/work ]
    diff -r data "$top/data" | grep -v '^Only in .*: work$' && fail "data/ changed"
    return 0
}

texts() {
    for text in data/test.txt data/english.txt; do
        [ "$(wc -c <"$text")" -ge 56 ]
        LC_ALL=C grep -q '[^ -~]' "$text" && fail "$text is not plain English"
    done
    return 0
}

nothing_else_on_top() {
    [ -e .git ] || skip "not a git checkout"
    git ls-files | sed 's,/.*,,' | sort -u | grep -v '^\.' >"$T/out"
    same out 'Makefile
README.md
data
mmap
posix_shm
sysv_shm
tests'
}

# --- the benchmark ------------------------------------------------------------

# bench MIB FORMAT: in the background. Its programs are in $T/tmp, its objects
# are /dev/shm/bench.PID.*
bench() {
    mkdir "$T/tmp"
    # shellcheck disable=SC2086 # busybox sh
    start bench env TMPDIR="$T/tmp" BENCH_MIB="$1" BENCH_RUNS=1 FORMAT="$2" \
        $TEST_SH tests/bench/run.sh
}
bench_left() {
    find "$T/tmp" /dev/shm -path "$T/tmp/*" -o -name "bench.$1.*" >"$T/out"
    same out ""
}

bench_ends() {
    bench 1 tsv
    bench=$(pid bench)
    within 30 ended "$bench" || fail "it does not end"
    ends bench 0
    for table in throughput roundtrip-two roundtrip-one mechanism life slots \
        bytes seqlock; do
        says bench.out "^\(# \)*${table}[:	]"
    done
    grep -v '^#' "$T/bench.out" | awk -F '\t' 'NF != 8 || $4 == 0' >"$T/out"
    same out ""
    same bench.err ""
    bench_left "$bench"
}

bench_fits() {
    bench 1 text
    bench=$(pid bench)
    within 30 ended "$bench" || fail "it does not end"
    ends bench 0
    [ "$(grep -c ' median .* ratio' "$T/bench.out")" = 8 ]
    awk 'length($0) > 80 { print length($0) ": " $0 }' "$T/bench.out" >"$T/out"
    same out ""
    bench_left "$bench"
}

bench_interrupted() {
    bench 8 text
    bench=$(pid bench)
    within 10 grep -q 'Throughput' "$T/bench.out" || fail "it does not begin"
    pause 300
    kill "$bench"
    ends bench 143 5
    bench_left "$bench"
}

# Who reads its output may go away: `make bench | head`.
bench_unread() {
    mkfifo "$T/fifo"
    head -n 4 <"$T/fifo" >"$T/head" &
    mkdir "$T/tmp"
    # shellcheck disable=SC2086 # busybox sh
    env TMPDIR="$T/tmp" BENCH_MIB=1 BENCH_RUNS=1 $TEST_SH tests/bench/run.sh \
        >"$T/fifo" 2>"$T/bench.err" &
    bench=$!
    all="$all $bench"
    within 20 ended "$bench" || fail "it does not end"
    [ "$(wc -l <"$T/head")" = 4 ]
    bench_left "$bench"
}

# --- the runner ---------------------------------------------------------------

# runner SUITE-TEXT...: a run of it, with no patience for what it leaves, if
# not $patience: others' tests may make and remove something just then.
runner() {
    printf '%s\n' "$@" 'echo "1 passed, 0 failed"' >"$T/suite.sh"
    status=0
    # shellcheck disable=SC2086 # busybox sh
    env -u TEST_TAG LEFT_TRIES="${patience:-1}" $TEST_SH tests/run.sh "$T/suite.sh" \
        >"$T/out" 2>"$T/err" || status=$?
}

runner_passes() {
    patience=50
    runner ':'
    [ "$status" = 0 ]
    tail -n 1 "$T/out" >"$T/last"
    if [ -e .git ]; then
        same last '5 passed, 0 failed'
    else
        same last '4 passed, 0 failed, 1 skipped'
    fi
}

runner_sees_an_object() {
    runner ": >/dev/shm/left.$TEST_TAG"
    rm "/dev/shm/left.$TEST_TAG"
    [ "$status" = 1 ]
    says out '^not ok - nothing is left in /dev/shm' "/dev/shm/left.$TEST_TAG"
    # A test's own object, by its tag.
    # shellcheck disable=SC2016 # for the suite to expand
    runner ': >/dev/shm/shm_test.$TEST_TAG.x && echo "# $TEST_TAG"'
    rm "/dev/shm/shm_test.$(sed -n 's/^# \([0-9]*\)$/\1/p' "$T/out").x"
    [ "$status" = 1 ]
    says out '^not ok - nothing is left in /dev/shm'
}

runner_sees_ipc() {
    for what in M S; do
        runner "ipcmk -$what 1 | sed 's/^/# made /'"
        id=$(sed -n 's/^# made.*: //p' "$T/out")
        ipcs -m -s | awk -v id="$id" '$2 == id { print $1 }' >"$T/key"
        if [ "$what" = M ]; then ipcrm -m "$id"; else ipcrm -s "$id"; fi
        # A random key may look like one of another run's tests: let it be.
        if grep -q '^0x4' "$T/key"; then continue; fi
        [ "$status" = 1 ]
        says out '^not ok - nothing is left in ipcs'
    done
}

runner_sees_a_change() {
    [ -e .git ] || skip "not a git checkout"
    runner ": >'$top/.left.$TEST_TAG'"
    rm ".left.$TEST_TAG"
    [ "$status" = 1 ]
    says out '^not ok - nothing that git sees'
}

runner_sees_a_process() {
    # shellcheck disable=SC2016 # for the suite to expand
    runner 'sleep 99 >/dev/null 2>&1 & echo "# pid $!"'
    kill "$(sed -n 's/^# pid //p' "$T/out")"
    [ "$status" = 1 ]
    says out '^not ok - no process is left' 'sleep 99'
}

runner_sees_failures() {
    runner 'echo "1 passed, 2 failed" && exit 1'
    [ "$status" = 1 ]
    runner 'exit 0' # before its last line
    [ "$status" = 1 ]
    says out 'did not run to its end'
    cat >"$T/own.sh" <<S
. "$top/tests/lib.sh"
good() { true; }
bad() { false; true; }
late() { start w sleep 99; ends w 0 0; }
no() { skip "no reason"; }
it "good" good
it "bad" bad
it "late" late
it "no" no
finish
S
    mkdir "$T/tests"
    mv "$T/own.sh" "$T/tests"
    status=0
    # shellcheck disable=SC2086 # busybox sh
    env -u ONLY $TEST_SH "$T/tests/own.sh" >"$T/all" 2>&1 || status=$?
    grep -v ' Killed ' "$T/all" >"$T/out" # bash says so
    [ "$status" = 1 ]
    same out "ok 1 - own: good
not ok 2 - own: bad
not ok 3 - own: late
# w does not end
ok 4 - own: no # SKIP no reason
1..4
1 passed, 2 failed, 1 skipped"
}

# suite NAME TEXT...: $T/NAME.sh, a suite with one test.
suite() {
    file=$T/$1.sh
    shift
    printf '%s\n' ". '$top/tests/lib.sh'" "cd '$top'" 'the_test() {' "$@" '}' \
        'it "ends" the_test' finish >"$file"
}

# Of two turns the first suite keeps one until the third suite has run in the
# other.
runner_turns() {
    suite one "within 5 [ -e '$T/three' ]"
    suite two :
    suite three ": >'$T/three'"
    # shellcheck disable=SC2086 # busybox sh
    run env -u TEST_TAG -u ONLY TEST_JOBS=2 \
        $TEST_SH tests/run.sh "$T/one.sh" "$T/two.sh" "$T/three.sh"
    grep -o '^ok.*: ends$' "$T/out" >"$T/order"
    same order 'ok 1 - one: ends
ok 1 - two: ends
ok 1 - three: ends'
    [ "$status" = 0 ]
}

# All that a test has under way: a program, an object, a segment, a folder.
runner_interrupted() {
    # shellcheck disable=SC2016 # for the suite to expand
    suite one 'start one sleep 99' ': >"/dev/shm$NAME"' \
        './sysv_shm/writer -k "$KEY" 2>"$T/w.err" & all="$all $!"' \
        "within 5 grep -q waiting \"\$T/w.err\"" \
        "echo \"\$NAME \$KEY\" >'$T/now'" 'within 9 false'
    suite two "within 9 false"
    mkdir "$T/tmp"
    # shellcheck disable=SC2086 # busybox sh
    start runner env -u TEST_TAG -u ONLY TMPDIR="$T/tmp" \
        $TEST_SH tests/run.sh "$T/one.sh" "$T/two.sh"
    within 8 [ -s "$T/now" ] || fail "it does not begin"
    read -r name key <"$T/now"
    kill "$(pid runner)"
    ends runner 1 5
    {
        find "$T/tmp" /dev/shm -path "$T/tmp/*" -o -path "/dev/shm$name"
        ipcs -m -s | grep "^$key " || :
        grep -lsz "^TMPDIR=$T/tmp$" /proc/[0-9]*/environ || :
    } >"$T/out"
    same out ""
}

# --- the test of the READMEs --------------------------------------------------

# made_up: in $T/tree a chapter whose program and READMEs are small, and right.
made_up() {
    mkdir -p "$T/tree/tests" "$T/tree/mmap"
    cp tests/tutorial.sh tests/lab_texts.sh tests/lib.sh tests/*.awk "$T/tree/tests"
    cd "$T/tree"
    mkdir data posix_shm sysv_shm
    : >.build
    : >README.md
    printf 'reset:\n\t@:\n' >Makefile
    printf '%s\n' 'int main(void)' '{' '    return 0;' '}' >mmap/program.c
    : >mmap/questions.c
    printf '#!/bin/sh\necho "usage: program [-n COUNT] [-v]"\n' >mmap/program
    printf '#!/bin/sh\necho " 1. Why?"\necho " 2. How?"\n' >mmap/questions
    chmod 755 mmap/program mmap/questions
    wide=$(printf '%80s' '' | tr ' ' x)
    sed "s/^WIDE/$wide/; s/^BOX/$(echo "$wide" | sed 's/x/─/g')/
        s/^CHINESE/$(echo "$wide" | sed 's/xx/，/g')/" >mmap/README.md <<'END'
# Chapter 1

English | [Chinese](README.zh-CN.md)

## A part: `one`, two

See [above](#a-part-one-two), [the source](program.c), printf(3).

```console
$ ./mmap/program -h | cut -c -14; echo two
usage: program
two
```

```console terminal=1
$ mkfifo data/go; echo made; cat data/go; sleep 0.1; rm data/go
made
```

```console terminal=2
$ echo last >data/go
```

```console terminal=1
last
```

```console
$ [ -e data/go ] || echo "gone $$"
gone <pid>
```

```console not run: it needs a hand
$ nobody
```

<!-- from mmap/program.c -->
```c
{
    return 0;
```

```text
drawing
WIDE
BOX
CHINESE
```

| MB/s | 1 KiB | 2 KiB |
|---|---|---|
| pipe | 1.0 | 2,000 |

-n and -v; mmap/questions 1, mmap/questions 2

```console terminal=2
$ sleep 0.1; echo slow >data/it
```

```console
$ cat data/it
slow
```
END
    # shellcheck disable=SC2016 # as it stands there
    sed 's/README.zh-CN/README/; s/^## A.*/## 第一部分：“一”，`Two`/
        s/#a-part-one-two/#第一部分一two/' mmap/README.md >mmap/README.zh-CN.md
}

# readmes [NAME=VALUE...]: what the test says of them.
readmes() {
    # shellcheck disable=SC2086 # busybox sh
    run env SESSION_SECONDS=1 READMES='mmap/README.md mmap/README.zh-CN.md' "$@" \
        $TEST_SH tests/tutorial.sh
}

readmes_right() {
    made_up
    readmes ONLY=
    cat "$T/out"
    [ "$status" = 0 ]
    says out 'not run: it needs a hand$' '^1\.\.10$'
}

# readmes_wrong NUMBER PATTERN FILES SED: with FILES changed so, its test NUMBER
# says so.
readmes_wrong() {
    made_up
    for readme in $3; do
        sed "$4" "$readme" >"$T/changed"
        cmp "$readme" "$T/changed" >"$T/same" && fail "$readme is as before"
        cp "$T/changed" "$readme"
    done
    readmes ONLY="$1"
    [ "$status" = 1 ] || fail "it is not found"
    says out "^not ok $1 " "$2"
}
wrong() {
    it "the READMEs' test: finds $1" readmes_wrong "$2" "$3" "$4" "$5"
}

# A lab has no questions, and its README is two folders deep.
readmes_of_labs() {
    made_up
    mkdir mmap/lab
    for readme in README.md README.zh-CN.md; do
        sed 's,(program.c),(../program.c),' "mmap/$readme" >"mmap/lab/$readme"
    done
    # shellcheck disable=SC2086 # busybox sh
    run env ONLY= $TEST_SH tests/lab_texts.sh
    [ "$status" = 0 ] || { cat "$T/out" && fail "status $status"; }
    says out 'lab_texts: mmap/lab/README.md: every session' '^9 passed, 0 failed'
    echo '[](nothing.c)' >>mmap/lab/README.md
    # shellcheck disable=SC2086 # busybox sh
    run env ONLY= $TEST_SH tests/lab_texts.sh
    [ "$status" = 1 ]
    says out 'mmap/lab/README.md:[0-9]*: there is no nothing.c'
    rm -r mmap/lab
    # shellcheck disable=SC2086 # busybox sh
    run env ONLY= $TEST_SH tests/lab_texts.sh
    [ "$status" = 0 ] # none, and that is right
}

for cc in gcc clang musl-gcc; do
    it "each .c compiles alone with $cc" alone $cc
done
it "no program needs more than libc and librt" libraries
it "make -j builds all, once" make_builds
it "make knows who includes which header" make_knows_the_headers
it "make honours the flags it is given" make_honours
it "make help lists every target" make_help
it "make reset renews, make clean removes" make_reset_and_clean
it "data/ holds English prose" texts
it "nothing else stands at the top" nothing_else_on_top
it "make bench: runs to its end, prints all tables, leaves nothing" bench_ends
it "make bench: every table fits 80 columns" bench_fits
it "make bench: ended by a signal, leaves nothing" bench_interrupted
it "make bench: nobody reads it to its end, leaves nothing" bench_unread
it "the runner: passes" runner_passes
it "the runner: sees an object left" runner_sees_an_object
it "the runner: sees a segment and a set left" runner_sees_ipc
it "the runner: sees a changed checkout" runner_sees_a_change
it "the runner: sees a process left" runner_sees_a_process
it "the runner: sees tests that fail" runner_sees_failures
it "the runner: a suite starts where another one ends" runner_turns
it "the runner: ended by a signal, leaves nothing" runner_interrupted
it "the READMEs' test: passes what is right" readmes_right
it "the READMEs' test: reads the labs'" readmes_of_labs
english=mmap/README.md
chinese=mmap/README.zh-CN.md
wrong "a changed word" 1 'README.md:10: .*differs' $english 's/^two$/too/'
wrong "a missing line" 1 'README.md:10: .*differs' $english '/^two$/d'
wrong "a line too many" 1 'README.md:10: .*differs' $english 's/^two$/&\nthree/'
wrong "a command that hangs" 1 'README.md:10: .*does not end' $english \
    's/echo two$/echo two; sleep 99/'
wrong "a block that does not end" 1 'README.md:43: a block that does not end' \
    $english "/^drawing/,\$d"
wrong "a wrong attribute" 1 'README.md:15: .*console terminal=x' $english \
    's/terminal=1/terminal=x/'
wrong "a piece that is not in its file" 2 'README.md:37: this is not in mmap/pro' \
    $english 's/return 0/return 1/'
wrong "a piece of no file" 5 'README.zh-CN.md:37: .*no file' $chinese '/<!-- from/d'
wrong "a dead link" 3 'README.md:7: there is no progam.c' $english 's/(program/(progam/'
wrong "a dead anchor" 3 'README.md:7: no heading of .* is #a-part-one-too' $english \
    's/one-two/one-too/'
wrong "a dead anchor in Chinese" 6 'README.zh-CN.md:7: no heading' $chinese \
    's/#第一/#第二/'
wrong "a drawing of 81 columns" 4 'README.md:46: 81 columns' $english \
    's/^drawing/&\n&/; s/^xxx/&x/'
wrong "a drawing of 41 Chinese characters" 7 'README.zh-CN.md:47: 82 columns' \
    $chinese 's/^，/中，/'
wrong "figures that are too wide" 4 'README.md:52: .* columns' $english \
    "s/1.0/1.0$(printf %66s '')/"
wrong "a session that the other language lacks" 8 "$chinese:.*gone" $chinese \
    '/data.go . ||/d'
wrong "another piece there" 8 "$chinese:41: }" $chinese 's/^    return 0;/&\n}/'
wrong "another heading level there" 8 "$chinese:5: ### a heading" $chinese 's/^##/&#/'
wrong "a link that it lacks" 8 "$chinese.*nothing more" $chinese 's/(program.c)//'
wrong "an option not mentioned" 9 'README.md: nothing about mmap/program -v' $english \
    's/ and -v//'
wrong "an experiment not mentioned" 9 'README.md: nothing about mmap/questions 2' \
    $english 's/questions 2//'
wrong "a man page that does not exist" 10 'README.md:7: there is no printg(3)' \
    $english 's/printf/printg/'
finish
