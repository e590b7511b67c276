# tests/lib/lib.sh - what every suite starts with:
#
#     . "$(dirname "$0")/../lib/lib.sh"
#     the_lines_are_right() { t_run ./prog; [ "$status" = 0 ]; t_same out "text"; }
#     t_it "prints the lines" the_lines_are_right
#     t_finish
#
# A test is a function. t_it runs it in a subshell with -e, in the top folder,
# with a folder $T, a name $NAME and a key $KEY of its own, and kills what it
# has left running. A test that ends with `t_skip WHY` is counted as skipped.
# Every wait has a bound; nothing sleeps a fixed time to be on the safe side.
#
# All names here begin with t_ or T_, but for T, NAME, KEY, top and status.
# shellcheck shell=sh

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
: "${TEST_SH:=sh}" "${RUNS:=5}" "${KILLS:=10}"
export TEST_SH RUNS KILLS
t_suite=$(basename "$0" .sh)
# Tests look for the words of ls(1), ipcs(1) and cc(1).
export LC_ALL=C.UTF-8
# script(1) and tmux(1) start it; without it, that of passwd(5), often nologin(8).
export SHELL=/bin/sh
umask 022
# A test that calls make is not a part of the make that called us.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CFLAGS CPPFLAGS LDFLAGS LDLIBS

# --- processes, by their numbers -------------------------------------------

# t_all has the processes that a test has started, each as PID:START. A number
# is given to another process when its own is gone; the time of its start, in
# ticks after boot, proc_pid_stat(5), tells the two apart.
t_all=
t_remember() {
    eval "t_pid_$1=$2"
    t_stat "$2" || :
    t_all="$t_all $2:$t_born "
}
# t_stat PID: $t_state and $t_born of a process, if there is one.
t_stat() {
    t_state=X t_born=0
    read -r t_line 2>/dev/null <"/proc/$1/stat" || return 1
    # shellcheck disable=SC2086 # what follows the name: state, parent, ...
    set -- ${t_line##*) }
    t_state=$1
    shift 19
    t_born=$1
}

# A process that ended and was not waited for is a zombie, Z.
t_ended() {
    t_stat "$1" || return 0
    case $t_state in
    Z | X) return 0 ;;
    esac
    case $t_all in
    *" $1:$t_born "*) return 1 ;;
    *" $1:"*) return 0 ;; # another process has its number now
    esac
    return 1
}

# --- where a suite runs ---------------------------------------------------
#
# The suite is started twice. Outside, it makes its folder and cleans up, however
# it ends. Inside, it has a /dev/shm, System V IPC, abstract addresses and process ids of its own,
# where the kernel lets us have namespaces: then it meets no neighbour, can hit
# no process of others, and all that is left at its end is its own. Elsewhere
# its names and keys bear a tag, and that is what it looks for at its end; so, too,
# with T_NAMESPACES=no.

# t_apart COMMAND...: in namespaces of its own. As an ordinary user we are root of
# a user namespace first, to be allowed to mount, and then ourselves again.
t_apart() {
    t_ns='--mount --ipc --net --pid --fork --kill-child --mount-proc'
    t_shm='mount -t tmpfs -o mode=1777 tmpfs /dev/shm &&'
    if [ "$(id -u)" = 0 ]; then
        # shellcheck disable=SC2086 # words
        exec unshare $t_ns sh -c "$t_shm "'exec "$@"' sh "$@"
    else
        # shellcheck disable=SC2086,SC2016 # words; for the shell in there
        exec unshare --user --map-root-user $t_ns sh -c "$t_shm "'
            user=$1 group=$2 && shift 2 &&
            exec unshare --user --map-user="$user" --map-group="$group" "$@"' \
            sh "$(id -u)" "$(id -g)" "$@"
    fi
}

# t_end PID: tell it to end until it has. A signal that comes when a shell has just
# forked is lost: the child still has its parent's trap.
t_end() {
    while kill "$1"; do sleep 0.05; done 2>/dev/null
}

t_outside() {
    # The name, then the trap, then the folder: a signal between two of them
    # leaves nothing. The name is random, so nobody else has it.
    T_TMP=${TMPDIR:-/tmp}/shm-test.$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
    t_over=
    trap 't_outside_ends' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir -m 700 "$T_TMP" || exit 1
    # A full disk is said once, and not by each test.
    head -c 1000000 /dev/zero >"$T_TMP/space" || {
        echo "Bail out! $T_TMP: no room for the tests, see TMPDIR"
        exit 1
    }
    rm "$T_TMP/space"
    # Random, too: another container with the same $$ may share our /dev/shm.
    T_TAG=$(($(od -An -N4 -tu4 /dev/urandom) % 1000000))
    export T_TMP T_TAG T_APART=''
    case ${T_NAMESPACES:-}$top:$T_TMP in
    no*) ;;                        # as wished
    /dev/shm/* | *:/dev/shm/*) ;; # they would be hidden
    *) if (t_apart true) 2>/dev/null; then T_APART=yes; fi ;;
    esac
    # In the background: only then does a signal end the wait.
    # shellcheck disable=SC2086 # busybox sh
    ${T_APART:+t_apart} $TEST_SH "$0" "$@" </dev/null &
    wait $!
    t_over=$?
    exit $t_over
}
t_outside_ends() {
    trap '' HUP INT TERM
    if [ -z "$t_over" ] && [ -n "${!:-}" ]; then
        # With unshare(1) its namespaces end, and all that is in them; but not
        # before it has come so far. A suite without them cleans up by itself.
        if [ -n "$T_APART" ]; then
            until [ -e "$T_TMP/inside" ] || t_ended $!; do sleep 0.01; done
            t_first=
            read -r t_first </proc/$!/task/$!/children
            kill -KILL $!
            wait $!
            until t_ended "${t_first:-none}"; do sleep 0.01; done
        else
            t_end $!
        fi
    fi 2>/dev/null
    rm -rf "$T_TMP"
}
[ -n "${T_TMP:-}" ] || t_outside "$@"

t_tmp=$T_TMP t_apart=$T_APART
: >"$t_tmp/inside"
unset T_TMP T_APART # a suite that a test starts has its own
trap 't_inside_ends' EXIT
trap 'exit 1' HUP INT TERM
t_test='' t_number=0 t_shown=0 t_failed=0
t_inside_ends() {
    trap '' HUP INT TERM
    [ -z "$t_test" ] || t_end $!
    if [ -z "$t_apart" ]; then t_remove_tagged; fi
}

# t_key_of NUMBER: a key that only this suite of this run has.
t_key_of() {
    printf '0x%x' $((0x40000000 + T_TAG % 262144 * 1024 + $1))
}

# --- one test -------------------------------------------------------------

t_it() {
    t_number=$((t_number + 1))
    T=$t_tmp/$t_number
    NAME=/shm_test.$T_TAG.$t_suite.$t_number
    KEY=$(t_key_of "$t_number")
    case ${ONLY:-}/$1 in
    /* | "$t_number"/* | */"nothing is left behind") ;;
    *) return ;;
    esac
    t_shown=$((t_shown + 1))
    mkdir "$T" || exit 1
    t_test=yes
    (
        trap 't_stop_all $?' EXIT
        trap 'exit 1' HUP INT TERM
        shift
        set -e
        "$@"
    ) >"$T.log" 2>&1 &
    # Not in an `if`: there a shell would ignore the -e of the subshell.
    wait $!
    t_result=$?
    t_test=
    if [ "$t_result" = 0 ]; then
        echo "ok $t_shown - $t_suite: $1"
        grep '^# ' "$T.log" # what it has measured
    elif [ "$t_result" = 77 ]; then
        echo "ok $t_shown - $t_suite: $1 # SKIP $(tail -n 1 "$T.log")"
    else
        t_failed=$((t_failed + 1))
        echo "not ok $t_shown - $t_suite: $1"
        {
            cat "$T.log"
            [ -s "$T.log" ] || echo "a command failed without a word:" \
                "ONLY=$t_number TEST_SH='sh -x' sh $0 shows which"
            for t_log in "$T"/*.err; do
                [ ! -s "$t_log" ] || { echo "-- ${t_log##*/}:" && tail -n 20 "$t_log"; }
            done
        } | sed 's/^/# /'
    fi
}

t_finish() {
    t_it "nothing is left behind" t_nothing_left
    echo "1..$t_shown"
    [ -z "${ONLY:-}" ] || [ "$t_shown" != 1 ] || [ "$t_number" = 1 ] || {
        echo "$t_suite has no test ${ONLY:-}: it has $((t_number - 1))" >&2
        exit 2
    }
    [ "$t_failed" = 0 ] || exit 1
    exit 0
}

# What this suite has made and not removed, a line each.
t_left() {
    read -r t_me t_rest </proc/self/stat # this subshell
    if [ -n "$t_apart" ]; then
        find /dev/shm -mindepth 1
        t_ipc
        for t_p in /proc/[0-9]*; do t_process "${t_p#/proc/}"; done
    else
        find /dev/shm -maxdepth 1 -name "shm_test.$T_TAG.*"
        t_ipc | while read -r t_what t_id t_key; do
            case $t_key in
            0x4???????) [ $((t_key - t_key % 1024)) != $(($(t_key_of 0))) ] ||
                echo "$t_what $t_id $t_key" ;;
            esac
        done
        grep -lsz "^T_TAG=$T_TAG$" /proc/[0-9]*/environ >"$T/processes"
        while IFS=/ read -r t_rest t_rest t_p t_rest; do
            t_process "$t_p"
        done <"$T/processes"
    fi
}
t_ipc() {
    ipcs -m -s -q | awk '/^-/ { what = $2 } /^0x/ { print what, $2, $1 }'
}
t_process() {
    case $1 in
    1 | "$$" | "$t_me") return ;;
    esac
    if ! t_ended "$1"; then
        echo "process $1: $(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline")"
    fi
}
t_nothing_left() {
    [ "$t_failed" = 0 ] || t_skip "a test has failed"
    t_within 1 t_is_empty || t_fail "$(cat "$T/left")"
    [ -n "$t_apart" ] || echo "# looked for names with the tag $T_TAG: no namespaces"
}
t_is_empty() {
    t_left >"$T/left"
    [ ! -s "$T/left" ]
}
t_remove_tagged() {
    rm -f /dev/shm/shm_test."$T_TAG".*
    T=$t_tmp
    t_left | while read -r t_what t_id t_key; do
        case $t_what in
        Shared) ipcrm -m "$t_id" ;;
        Semaphore) ipcrm -s "$t_id" ;;
        esac
    done
} 2>/dev/null

# --- what a test says -----------------------------------------------------

t_fail() {
    echo "$*"
    exit 1
}

t_skip() {
    echo "$*"
    exit 77
}

# t_same WHAT TEXT: $T/WHAT holds exactly TEXT and a newline, or nothing when
# TEXT is empty.
t_same() {
    if [ -n "$2" ]; then printf '%s\n' "$2"; fi >"$T/expected"
    diff -u "$T/expected" "$T/$1" || t_fail "$1 is not what was expected"
}

# t_says WHAT PATTERN...: $T/WHAT has a line for each (basic) pattern.
t_says() {
    t_said=$1
    shift
    for t_pattern; do
        grep -q -e "$t_pattern" "$T/$t_said" || {
            cat "$T/$t_said"
            t_fail "$t_said does not say: $t_pattern"
        }
    done
}

# --- processes ------------------------------------------------------------

# Bounds are there to end a hang, and a busy machine takes its time: each is
# T_PATIENCE times as long as it says. T_PATIENCE=1 takes them at their word.
: "${T_PATIENCE:=10}"
export T_PATIENCE

# t_run COMMAND...: $status, $T/out and $T/err.
t_run() {
    status=0
    timeout -k 1 $((10 * T_PATIENCE)) "$@" >"$T/out" 2>"$T/err" || status=$?
    [ "$status" -lt 124 ] || t_fail "$*: status $status"
}

# t_refused STATUS PATTERN COMMAND...: it ends with this status, says so, and
# prints nothing.
t_refused() {
    t_refused=$1 t_pattern=$2
    shift 2
    t_run "$@"
    [ "$status" = "$t_refused" ] || t_fail "$*: status $status and not $t_refused"
    t_says err "$t_pattern"
    t_same out ""
}

# t_start WHO COMMAND...: in the background, with $T/WHO.out and $T/WHO.err.
# t_start_io IN OUT WHO COMMAND...: with these as stdin and stdout.
t_start() {
    t_start_io /dev/null "$T/$1.out" "$@"
}
t_start_io() {
    t_in=$1 t_out=$2 t_who=$3
    shift 3
    : >"$T/$t_who.err" # now, and not when the process starts
    "$@" <"$t_in" >"$t_out" 2>"$T/$t_who.err" 9>&- &
    t_remember "$t_who" $!
}

t_pid() {
    eval "echo \$t_pid_$1"
}

# t_dribble WHO IN OUT MOST: cat(1) bit by bit, in pieces of at most so many bytes.
t_dribble() {
    [ -x "$t_tmp/dribble" ] || ${CC:-cc} tests/lib/dribble.c -o "$t_tmp/dribble"
    t_start_io "$2" "$3" "$1" "$t_tmp/dribble" "$4"
}

# t_within SECONDS COMMAND...: it succeeds in time. Looks every 10 ms.
t_within() {
    t_looks=$(($1 * 100 * T_PATIENCE))
    shift
    until "$@"; do
        [ "$t_looks" -gt 0 ] || return 1
        t_looks=$((t_looks - 1))
        sleep 0.01
    done
}
# t_soon COMMAND...: the same in a second, for what need not come.
t_soon() {
    t_patience=$T_PATIENCE T_PATIENCE=1 t_soon=0
    t_within 1 "$@" || t_soon=$?
    T_PATIENCE=$t_patience
    return $t_soon
}

# t_reap WHO: it has ended; $status, and nobody to kill any more. What it wrote to
# a pipe that held it is in its file, too.
t_reap() {
    status=0
    wait "$(t_pid "$1")" 2>/dev/null || status=$?
    if [ "$1" = "${t_held:-}" ] && [ -n "$t_copy" ]; then
        t_within 2 t_ended "$t_copy" || t_fail "$1 has ended, and its pipe is still open"
    fi
    t_all=$(echo "$t_all" | sed "s/ $(t_pid "$1"):[0-9]* //")
}

# t_ends WHO STATUS [SECONDS]: it does, in 2 seconds or as many as said.
t_ends() {
    t_within "${3:-2}" t_ended "$(t_pid "$1")" || t_fail "$1 does not end"
    t_reap "$1"
    [ "$status" = "$2" ] || t_fail "$1: status $status and not $2"
}

# t_tells WHO PATTERN: its story does, in 5 seconds.
t_tells() {
    t_within 5 grep -q -e "$2" "$T/$1.err" || t_fail "$1 does not tell: $2"
}

# t_stop_all STATUS: kill what still runs, and end with this status.
t_stop_all() {
    set +e
    trap '' HUP INT TERM
    # shellcheck disable=SC2034
    read -r t_me t_rest </proc/self/stat
    # And its children: one of them may have been started just now.
    t_children=
    read -r t_children <"/proc/$t_me/task/$t_me/children"
    for t_each in $t_all $t_children; do
        t_ended "${t_each%:*}" || kill -KILL "${t_each%:*}"
        wait "${t_each%:*}"
    done 2>/dev/null
    exit "$1"
}

# t_hold: descriptor 9 is a pipe that is full. Who writes to it stands still,
# until `t_release FILE` lets it go on; what it wrote is then in $T/FILE.
t_hold() {
    t_held='' t_copy=''
    rm -f "$T/pipe"
    mkfifo "$T/pipe"
    exec 9<>"$T/pipe"
    dd if=/dev/zero of="$T/pipe" oflag=nonblock bs=4096 count=1024 2>/dev/null || :
}
t_release() {
    exec 8<"$T/pipe"
    tr -d '\0' <&8 >"$T/$1" 9>&- &
    t_copy=$!
    t_remember release $t_copy
    exec 8<&- 9>&-
}
# t_start_held_out WHO COMMAND...: with the pipe as stdout.
t_start_held_out() {
    t_who=$1 t_held=$1
    shift
    "$@" >&9 2>"$T/$t_who.err" 9>&- &
    t_remember "$t_who" $!
}
# t_stands WHO: it does, in write(2) to the full pipe, or in poll(2) until it could.
t_stands() {
    t_within 2 t_in_write "$(t_pid "$1")" || t_skip "/proc/PID/wchan does not tell"
}
t_in_write() {
    case $(cat "/proc/$1/wchan" 2>/dev/null) in
    *pipe_write* | *poll*) return 0 ;;
    esac
    return 1
}

# All programs that run by themselves, for who builds them in another way.
# shellcheck disable=SC2034 # they do
t_programs='mmap/file_writer mmap/file_reader mmap/parent_child
    mmap/unrelated_writer mmap/unrelated_reader mmap/seqlock_writer
    mmap/seqlock_reader posix_shm/writer posix_shm/reader
    posix_shm/sealed_writer posix_shm/sealed_reader posix_shm/stream_writer
    posix_shm/stream_reader posix_shm/counter sysv_shm/writer sysv_shm/reader
    sysv_shm/parent_child'

# t_handed_out FILE: a lab as it was handed out, whatever somebody has made of it
# since: git knows, or the copy that the first make has kept.
t_handed_out() {
    git show "HEAD:${1#./}" 2>/dev/null ||
        cat "data/work/labs/${1##*/}" 2>/dev/null || cat "$1"
}

# t_the_ring: the stream pair's has $slots slots of $slot bytes, $ring in all.
t_the_ring() {
    slots=$(t_in_stream_h SLOTS) slot=$(t_in_stream_h SLOT_SIZE)
    # shellcheck disable=SC2034 # the suites do
    ring=$((slots * slot))
}
t_in_stream_h() {
    echo $(($(sed -n "s/.*[{ ]$1 = \([^,}]*\).*/\1/p" posix_shm/stream.h)))
}

# t_alone NAME...: the lessons have one name in /dev/shm for all of a user. One test at
# a time uses them, also of other runs; flock(1) sees to that. Others may have them.
t_alone() {
    exec 7</dev/shm
    flock -w 120 7 || t_skip "another run holds /dev/shm"
    for t_name; do
        [ ! -e "/dev/shm/$t_name.$(id -u)" ] || t_skip "$t_name is in use"
    done
}

# t_random N: a number from 0 to N-1.
t_random() {
    echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# t_pause N: up to N ms, so that what follows comes at any instant.
t_pause() {
    sleep "$(printf '0.%03d' "$(t_random "$1")")"
}

# $t_not_root COMMAND...: as an ordinary user, whoever we are.
t_not_root=
if [ "$(id -u)" = 0 ]; then
    t_not_root='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
export NAME KEY t_not_root

# t_for_everyone PROGRAM...: copies in $T that $t_not_root may run, however the
# checkout was built. Where it cannot come that far (TMPDIR in a private folder),
# the test is skipped.
t_for_everyone() {
    chmod 755 "$T" "$t_tmp"
    for t_program; do
        install -m 755 "$t_program" "$T"
        # shellcheck disable=SC2086 # words
        $t_not_root test -x "$T/${t_program##*/}" ||
            t_skip "user 65534 cannot enter ${TMPDIR:-/tmp}, see TMPDIR"
    done
}
