# tests/lib.sh - what every suite starts with:
#
#     . "$(dirname "$0")/lib.sh"
#     the_lines_are_right() { run ./prog; [ "$status" = 0 ]; same out "text"; }
#     it "prints the lines" the_lines_are_right
#     finish
#
# A test is a function. `it` runs it in a subshell with -e, in the top folder,
# with a folder $T, a name $NAME and a key $KEY of its own, and kills what it
# has left running. A test that ends with `skip WHY` is counted as skipped.
# Every wait has a bound; nothing sleeps a fixed time to be on the safe side.
# shellcheck shell=sh

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
: "${TEST_TAG:=$$}" "${TEST_SH:=sh}" "${RUNS:=5}" "${KILLS:=10}"
suite=$(basename "$0" .sh)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/test-$suite.XXXXXX") || exit 1
trap 'kill $test 2>/dev/null && wait $test; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
test='' number=0 passed=0 failed=0 skipped=0

# key_of NUMBER: a key that only this suite of this run has.
key_of() {
    printf '0x%x' \
        $((0x40000000 + TEST_TAG % 262144 * 1024 + ${TEST_SUITE:-0} % 16 * 64 + $1))
}

# --- one test -------------------------------------------------------------

it() {
    number=$((number + 1))
    T=$tmp/$number
    NAME=/shm_test.$TEST_TAG.$suite.$number
    KEY=$(key_of "$number")
    mkdir "$T"
    case ${ONLY:-} in
    '' | "$number") ;;
    *) return ;;
    esac
    (
        trap 'stop_all $?' EXIT
        trap 'exit 1' HUP INT TERM
        shift
        set -e
        "$@"
    ) >"$T.log" 2>&1 &
    # Not in an `if`: there a shell would ignore the -e of the subshell.
    test=$!
    wait $test
    result=$?
    test=
    if [ "$result" = 0 ]; then
        passed=$((passed + 1))
        echo "ok $number - $suite: $1"
        grep '^# ' "$T.log" # what it has measured
    elif [ "$result" = 77 ]; then
        skipped=$((skipped + 1))
        echo "ok $number - $suite: $1 # SKIP $(tail -n 1 "$T.log")"
    else
        failed=$((failed + 1))
        echo "not ok $number - $suite: $1"
        {
            cat "$T.log"
            for log in "$T"/*.err; do
                [ ! -s "$log" ] || { echo "-- ${log##*/}:" && tail -n 20 "$log"; }
            done
        } | sed 's/^/# /'
    fi
}

finish() {
    echo "1..$number"
    if [ "$skipped" = 0 ]; then
        echo "$passed passed, $failed failed"
    else
        echo "$passed passed, $failed failed, $skipped skipped"
    fi
    [ "$failed" = 0 ] || exit 1
    exit 0
}

# --- what a test says -----------------------------------------------------

fail() {
    echo "$*"
    exit 1
}

skip() {
    echo "$*"
    exit 77
}

# same WHAT TEXT: $T/WHAT holds exactly TEXT and a newline, or nothing when
# TEXT is empty.
same() {
    if [ -n "$2" ]; then printf '%s\n' "$2"; fi >"$T/expected"
    diff -u "$T/expected" "$T/$1" || fail "$1 is not what was expected"
}

# says WHAT PATTERN...: $T/WHAT has a line for each (basic) pattern.
says() {
    said=$1
    shift
    for pattern; do
        grep -q -e "$pattern" "$T/$said" || {
            cat "$T/$said"
            fail "$said does not say: $pattern"
        }
    done
}

# --- processes ------------------------------------------------------------

# run COMMAND...: $status, $T/out and $T/err, in at most 10 seconds.
run() {
    status=0
    timeout -k 1 10 "$@" >"$T/out" 2>"$T/err" || status=$?
    [ "$status" -lt 124 ] || fail "$*: status $status"
}

# refused STATUS PATTERN COMMAND...: it ends with this status, says so, and
# prints nothing.
refused() {
    refused=$1 pattern=$2
    shift 2
    run "$@"
    [ "$status" = "$refused" ] || fail "$*: status $status and not $refused"
    says err "$pattern"
    same out ""
}

# start WHO COMMAND...: in the background, with $T/WHO.out and $T/WHO.err.
# start_io IN OUT WHO COMMAND...: with these as stdin and stdout.
all=
start() {
    start_io /dev/null "$T/$1.out" "$@"
}
start_io() {
    its_in=$1 its_out=$2 who=$3
    shift 3
    : >"$T/$who.err" # now, and not when the process starts
    "$@" <"$its_in" >"$its_out" 2>"$T/$who.err" 9>&- &
    eval "pid_$who=$!"
    all="$all $!"
}

# dribble WHO IN OUT MOST: cat(1) bit by bit, in pieces of at most so many bytes.
dribble() {
    [ -x "$tmp/dribble" ] || ${CC:-cc} tests/dribble.c -o "$tmp/dribble"
    start_io "$2" "$3" "$1" "$tmp/dribble" "$4"
}

pid() {
    eval "echo \$pid_$1"
}

# A process that ended and was not waited for is a zombie, Z.
ended() {
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    case $stat in
    *") Z "* | *") X "*) return 0 ;;
    esac
    return 1
}

# within SECONDS COMMAND...: it succeeds in time. Looks every 10 ms.
within() {
    left=$(($1 * 100))
    shift
    until "$@"; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 0.01
    done
}

# reap WHO: it has ended; $status, and nobody to kill any more.
reap() {
    status=0
    wait "$(pid "$1")" 2>/dev/null || status=$?
    all=$(echo "$all " | sed "s/ $(pid "$1") / /")
}

# ends WHO STATUS [SECONDS]: it does, in 2 seconds or as many as said.
ends() {
    within "${3:-2}" ended "$(pid "$1")" || fail "$1 does not end"
    reap "$1"
    [ "$status" = "$2" ] || fail "$1: status $status and not $2"
}

# tells WHO PATTERN: its story does, in 5 seconds.
tells() {
    within 5 grep -q -e "$2" "$T/$1.err" || fail "$1 does not tell: $2"
}

# stop_all STATUS: kill what still runs, and end with this status.
stop_all() {
    set +e
    for each in $all; do
        kill -CONT "$each" 2>/dev/null
        kill -KILL "$each" 2>/dev/null
    done
    wait
    exit "$1"
}

# hold: descriptor 9 is a pipe that is full. Who writes to it stands still,
# until `release FILE` lets it go on; what it wrote is then in $T/FILE. As its
# stderr, the pipe holds a program where it tells its story.
hold() {
    rm -f "$T/pipe"
    mkfifo "$T/pipe"
    exec 9<>"$T/pipe"
    dd if=/dev/zero of="$T/pipe" oflag=nonblock bs=4096 count=1024 2>/dev/null || :
}
release() {
    exec 8<"$T/pipe"
    tr -d '\0' <&8 >"$T/$1" 9>&- &
    all="$all $!"
    exec 8<&- 9>&-
}
# start_held WHO COMMAND... and start_held_out: with the pipe as stderr, or as
# stdout.
start_held() {
    who=$1
    shift
    "$@" >"$T/$who.out" 2>&9 9>&- &
    eval "pid_$who=$!"
    all="$all $!"
}
start_held_out() {
    who=$1
    shift
    "$@" >&9 2>"$T/$who.err" 9>&- &
    eval "pid_$who=$!"
    all="$all $!"
}
# stands WHO: it does, in write(2) to the full pipe.
stands() {
    within 2 in_write "$(pid "$1")" || skip "/proc/PID/wchan does not tell"
}
in_write() {
    case $(cat "/proc/$1/wchan" 2>/dev/null) in
    *pipe_write*) return 0 ;;
    esac
    return 1
}

# All programs that run by themselves, for who builds them in another way.
# shellcheck disable=SC2034 # they do
programs='mmap/file_writer mmap/file_reader mmap/parent_child
    mmap/unrelated_writer mmap/unrelated_reader posix_shm/writer
    posix_shm/reader posix_shm/stream_writer posix_shm/stream_reader
    sysv_shm/writer sysv_shm/reader sysv_shm/parent_child'

# handed_out FILE: a lab as it was handed out, whatever somebody has made of it
# since: git knows, or the copy that the first make has kept.
handed_out() {
    git show "HEAD:${1#./}" 2>/dev/null ||
        cat "data/work/labs/${1##*/}" 2>/dev/null || cat "$1"
}

# the_ring: the stream pair's has $slots slots of $slot bytes, $ring in all.
the_ring() {
    slots=$(in_stream_h SLOTS) slot=$(in_stream_h SLOT_SIZE)
    # shellcheck disable=SC2034 # the suites do
    ring=$((slots * slot))
}
in_stream_h() {
    echo $(($(sed -n "s/.*[{ ]$1 = \([^,}]*\).*/\1/p" posix_shm/stream.h)))
}

# random N: a number from 0 to N-1.
random() {
    echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# A pause of up to N ms, so that what follows comes at any instant.
pause() {
    sleep "$(printf '0.%03d' "$(random "$1")")"
}

# $not_root COMMAND...: as an ordinary user, whoever we are.
not_root=
if [ "$(id -u)" = 0 ]; then
    not_root='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
export NAME KEY not_root RUNS KILLS

# --- the questions programs -------------------------------------------------

# questions CHAPTER COUNT: the tests of CHAPTER/questions with its experiments.
questions() {
    it "questions: all $2 experiments hold" questions_hold "$@"
    it "questions: each number alone" questions_alone "$@"
    it "questions: what is no number is refused" questions_refused "$@"
    it "questions: colours on a terminal alone" questions_in_colour "$@"
    it "questions: a stdout that fails" questions_stdout_that_fails "$@"
    it "questions: what is not as expected is found" questions_not_as_expected "$@"
}

# headings FILE: the lines "NUMBER. QUESTION" in $T/FILE.
headings() {
    grep '^[ 1-9][0-9]\. ' "$T/$1"
}

questions_hold() {
    run "./$1/questions"
    [ "$status" = 0 ] || { cat "$T/out" && fail "status $status"; }
    grep -q EXPECTED "$T/out" && fail "EXPECTED, and status 0"
    grep '^questions' "$T/err" && fail "it complains"
    [ "$(headings out | wc -l)" = "$2" ]
    sed -n 's/^    skipped  */# skipped: /p' "$T/out"
}

questions_alone() {
    run "./$1/questions"
    headings out >"$T/all"
    n=0
    while [ $((n += 1)) -le "$2" ]; do
        run "./$1/questions" "$n"
        [ "$status" = 0 ]
        headings out >"$T/one"
        same one "$(sed -n "${n}p" "$T/all")"
    done
    run "./$1/questions" 2 1 2
    headings out | cut -c -3 | tr -d '\n' >"$T/order"
    [ "$(cat "$T/order")" = " 2. 1. 2." ] || fail "2 1 2: $(cat "$T/order")"
}

questions_refused() {
    for n in 0 $(($2 + 1)) -1 x 1x 0x1 1.5 '' 99999999999999999999 -x; do
        refused 2 'usage: questions' "./$1/questions" "$n"
        refused 2 'usage: questions' "./$1/questions" 1 "$n"
    done
    run "./$1/questions" -h
    [ "$status" = 0 ]
    says out '^usage: questions'
    same err ""
}

questions_in_colour() {
    export SHELL=/bin/sh
    escape=$(printf '\033')
    run "./$1/questions" 1
    grep -q "$escape" "$T/out" && fail "in a file"
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null ||
        skip "no script(1), or another one"
    run script -qec "NO_COLOR=1 ./$1/questions 1" /dev/null </dev/null
    grep -q "$escape" "$T/out" && fail "with NO_COLOR"
    run script -qec "unset NO_COLOR; ./$1/questions 1" /dev/null </dev/null
    [ "$status" = 0 ]
    says out "$escape"
}

questions_stdout_that_fails() {
    for to in '>/dev/full' '>&-'; do
        for arguments in '' 1 -h; do
            status=0
            # shellcheck disable=SC2086 # none, or one
            eval '"./$1/questions" $arguments' "$to" 2>"$T/err" || status=$?
            [ "$status" = 1 ] || fail "$arguments $to: status $status"
            says err 'write to stdout\|stdout or stderr is closed'
        done
    done
}

# A copy whose first expected error is another one.
questions_not_as_expected() {
    mkdir "$T/mmap" "$T/copy"
    cp mmap/questions.h "$T/mmap"
    cp "$1"/questions*.[ch] "$T/copy"
    # The last word of an expected line, with \n or a comma behind it.
    line='"[^%]*: E[A-Z]+(\\n)?",?$'
    changed=$(grep -lE "$line" "$1"/questions_*.h | head -n 1)
    [ -n "$changed" ]
    line=$line awk '!n && $0 ~ ENVIRON["line"] { n = sub(/: E[A-Z]+/, ": ENONE") }
        { print }' "$changed" >"$T/copy/${changed##*/}"
    # shellcheck disable=SC2086 # a compiler and its flags
    ${CC:-cc} "$T/copy/questions.c" -o "$T/questions" -lrt
    run "$T/questions"
    [ "$status" = 1 ]
    [ "$(grep -c EXPECTED "$T/out")" = 1 ]
    says out '^    .*: ENONE$'
    says err '^questions: 1 not as expected$'
}
