#!/bin/sh
# tests/deep/windows.sh - every window between two steps, held open
#
# Each program is compiled with steps.h and stopped before its first step, its
# second, and so on to its last: once while its partner comes, once while
# another of its own kind comes, once to be killed there. It takes minutes, so
# `make test` leaves it out: `make windows` runs it. EVERY=5 looks at one step
# in five, beginning with one at random.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
: "${EVERY:=1}"

build=$t_tmp/steps
mkdir "$build" "$build/mmap" "$build/posix_shm" "$build/sysv_shm"
for program in $t_programs; do
    # shellcheck disable=SC2086 # flags
    ${CC:-cc} ${STEP_CFLAGS:--O1 -g} -include tests/lib/steps.h "$program.c" \
        -o "$build/$program" -lrt || exit 1
done

stopped() {
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    case $stat in
    *") T "*) return 0 ;;
    esac
    return 1
}
stopped_or_ended() {
    stopped "$1" || t_ended "$1"
}
# What waits for a partner does not come to its next step without one.
stopped_or_waits() {
    stopped_or_ended "$(t_pid "$1")" || grep -q 'waiting for a' "$T/$1.err"
}

# Let the others look: longer than the 50 ms between two looks of theirs.
look() {
    sleep 0.12
}

# each_step FUNCTION: FUNCTION N for every step, until t_it says with $last that
# there is no step N.
each_step() {
    n=$(($(t_random "$EVERY") + 1)) last=
    while :; do
        nobody
        "$1" "$n"
        [ -z "$last" ] || break
        n=$((n + EVERY))
    done
    echo "# $((n - 1)) steps"
}

# held KIND N: w, a writer, or r, a reader, that stands before step N. When it
# needs a partner to come so far, it gets one. Otherwise $last.
held() {
    case $1 in
    w) writer w one "STEP_HOLD=$2" ;;
    r) reader r "STEP_HOLD=$2" ;;
    esac
    t_within 2 stopped_or_waits "$1" || t_fail "$1 hangs before step $2"
    partner=
    if ! stopped_or_ended "$(t_pid "$1")"; then
        look # it waits, but may be on its way to a step that it does alone
        if ! stopped_or_ended "$(t_pid "$1")"; then
            partner=yes
            comes "$1"
            t_within 2 stopped_or_ended "$(t_pid "$1")" || t_fail "$1 hangs at $2"
        fi
    fi
    stopped "$(t_pid "$1")" || last=yes
}
# comes KIND: the plain partner of w or r.
comes() {
    build_then=$build build=.
    case $1 in
    w) reader r ;;
    r) writer w one ;;
    esac
    build=$build_then
}

partner_comes() {
    held "$kind" "$1"
    if [ -z "$last" ]; then
        if [ -z "$partner" ]; then comes "$kind"; fi
        look
        kill -CONT "$(t_pid "$kind")"
        t_ends r 0
        t_ends w 0
        echo 0 >"$T/w.status"
        echo 0 >"$T/r.status"
    fi
    settle
    account
    nothing_left
}

another_comes() {
    held "$kind" "$1"
    if [ -z "$last" ]; then
        build_then=$build build=.
        case $kind in
        w) writer v two ;;
        r) reader s ;;
        esac
        build=$build_then
        look
        kill -CONT "$(t_pid "$kind")"
    fi
    settle
    account
    nothing_left
}

killed_there() {
    held "$kind" "$1"
    if [ -z "$last" ]; then
        # Half of the time the partner is there already.
        if [ $(($1 % 2)) = 0 ] && [ -z "$partner" ]; then
            comes "$kind"
            look
        fi
        kill -KILL "$(t_pid "$kind")"
        killed=" $kind"
    fi
    settle
    account
    plain_run
}

# --- chapter 1 ----------------------------------------------------------------

# stand WHO: it stands before its step, or has come to its end: $last.
stand() {
    t_within 2 stopped_or_ended "$(t_pid "$1")" || t_fail "$1 hangs before step $n"
    stopped "$(t_pid "$1")" || last=yes
}
# one_of FILE TEXT...: nothing but one of these texts, once or more.
one_of() {
    sort -u "$1" >"$T/lines"
    shift
    printf '%s\n' "$@" | sort >"$T/texts"
    [ -z "$(comm -23 "$T/lines" "$T/texts")" ] || t_fail "$(cat "$T/lines")"
}

letters=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa
old_or_new() {
    cmp -s "$1" data/test.txt || cmp "$1" "$T/new"
}
file_pair() {
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    cp data/test.txt "$T/f"
    case $what in
    another_comes) other=$kind ;;
    *) other=$partner_kind ;;
    esac
    t_start held env "STEP_HOLD=$1" "$build/mmap/$kind" "$T/f"
    stand held
    t_start p "./mmap/$other" "$T/f"
    if [ "$what" = killed_there ]; then
        kill -KILL "$(t_pid held)" || :
        t_reap held
    else
        look
        kill -CONT "$(t_pid held)" || :
        t_ends held 0
    fi
    t_ends p 0
    old_or_new "$T/f"
    for who in "held $kind" "p $other"; do
        case $who in
        *reader) [ ! -s "$T/${who% *}.out" ] || old_or_new "$T/${who% *}.out" ;;
        esac
    done
    t_run ./mmap/file_writer "$T/f"
    [ "$status" = 0 ]
    t_run ./mmap/file_reader "$T/f"
    cmp "$T/new" "$T/out"
}

question='你是我儿子吗？'
family() {
    cp data/english.txt "$T/f"
    child=
    case $kind in
    child) t_start p env "STEP_HOLD=$1" STEP_CHILD=1 "$build/mmap/parent_child" "$T/f" ;;
    parent) t_start p env "STEP_HOLD=$1" "$build/mmap/parent_child" "$T/f" ;;
    esac
    t_within 2 family_stands || t_fail "$kind hangs before step $1"
    child=$(cat "/proc/$(t_pid p)/task/$(t_pid p)/children" 2>/dev/null || :)
    child=${child% }
    victim=$(t_pid p)
    if [ "$kind" = child ]; then victim=$child; fi
    if [ -z "$victim" ] || ! stopped "$victim"; then
        last=yes
        t_ends p 0
        t_same p.out "$question"
        return
    fi
    if [ "$what" = another_comes ]; then
        t_start v ./mmap/parent_child "$T/f"
        look
        kill -CONT "$victim"
        t_ends v 0
        t_ends p 0
        t_same v.out "$question"
        t_same p.out "$question"
    else
        kill -KILL "$victim"
        t_within 2 t_ended "$(t_pid p)" || t_fail "the parent stays"
        t_reap p
        [ -z "$child" ] || t_within 2 t_ended "$child" || t_fail "the child stays"
        if [ "$kind" = child ]; then t_says p.err 'was killed: Killed'; fi
        [ ! -s "$T/p.out" ] || t_same p.out "$question"
    fi
    t_run ./mmap/parent_child "$T/f"
    t_same out "$question"
}
family_stands() {
    stopped_or_ended "$(t_pid p)" && return
    [ "$kind" = child ] || return 1
    child=$(cat "/proc/$(t_pid p)/task/$(t_pid p)/children" 2>/dev/null || :)
    [ -n "$child" ] && stopped "${child% }"
}

long=$(printf %0300d 0)
unrelated_writer_held() {
    rm -f "$T/f"
    if [ "$what" = killed_there ]; then
        t_start r ./mmap/unrelated_reader -i 0.01 "$T/f"
        t_tells r 'waiting for a writer'
    fi
    t_start w env "STEP_HOLD=$1" "$build/mmap/unrelated_writer" \
        -n 2 -i 0 -m short -m "$long" "$T/f"
    stand w
    case $what in
    partner_comes)
        t_start r ./mmap/unrelated_reader -n 1 -t 9 "$T/f"
        look
        kill -CONT "$(t_pid w)" || :
        t_ends w 0
        t_ends r 0
        one_of "$T/r.out" "$long" short
        ;;
    another_comes)
        t_start v ./mmap/unrelated_writer -n 1 -m other "$T/f"
        t_within 2 t_ended "$(t_pid v)" || t_fail "the other writer hangs"
        t_reap v
        [ "$status" = 0 ] || t_says v.err 'another writer is at work'
        kill -CONT "$(t_pid w)" || :
        t_ends w 0
        ;;
    killed_there)
        kill -KILL "$(t_pid w)" || :
        t_reap w
        t_start v ./mmap/unrelated_writer -n 1 -m next "$T/f"
        t_ends v 0
        t_within 2 grep -qx next "$T/r.out" || t_fail "no text after a kill"
        kill "$(t_pid r)"
        t_ends r 0
        one_of "$T/r.out" "$long" short next
        ;;
    esac
    t_run ./mmap/unrelated_reader -n 1 -t 1 "$T/f"
    one_of "$T/out" "$long" short other next
}
# Between open(2) and the lock someone removes the file: the writer must not go
# on with one that nobody finds any more.
unrelated_removed() {
    for n in 1 2 3 4 5; do
        rm -f "$T/f"
        t_start w env "STEP_HOLD=$n" "$build/mmap/unrelated_writer" -n 1 -m text "$T/f"
        stand w
        made=no
        if [ -e "$T/f" ] && grep -q ', fcntl' "$T/w.err"; then
            rm "$T/f"
            made=yes
        fi
        kill -CONT "$(t_pid w)" || :
        t_ends w 0
        t_run ./mmap/unrelated_reader -n 1 -t 0 "$T/f"
        t_same out text
        [ "$made" = no ] || return 0
    done
    t_fail "it was not held between open and lock"
}
unrelated_reader_held() {
    rm -f "$T/f"
    t_start w ./mmap/unrelated_writer -i 0.001 -m "$long" -m short "$T/f"
    t_start r env "STEP_HOLD=$1" "$build/mmap/unrelated_reader" -n 1 "$T/f"
    stand r
    if [ "$what" = killed_there ]; then
        kill -KILL "$(t_pid r)" || :
        t_reap r
    else
        kill "$(t_pid w)" # whom no reader keeps waiting
        t_ends w 0
        kill -CONT "$(t_pid r)" || :
        t_ends r 0
        one_of "$T/r.out" "$long" short
        t_start w ./mmap/unrelated_writer -i 0.001 -m "$long" -m short "$T/f"
        t_tells w 'writing to'
    fi
    t_run ./mmap/unrelated_reader -n 3 -i 0 -t 1 "$T/f"
    one_of "$T/out" "$long" short
    kill "$(t_pid w)"
    t_ends w 0
}

for kind in file_writer file_reader; do
    case $kind in
    file_writer) partner_kind=file_reader ;;
    file_reader) partner_kind=file_writer ;;
    esac
    for what in partner_comes another_comes killed_there; do
        t_it "mmap: $kind held before every step, $(echo $what | tr _ ' ')" \
            each_step file_pair
    done
done
for kind in parent child; do
    for what in another_comes killed_there; do
        t_it "mmap: $kind held before every step, $(echo $what | tr _ ' ')" \
            each_step family
    done
done
for what in partner_comes another_comes killed_there; do
    t_it "mmap: unrelated_writer held before every step, $(echo $what | tr _ ' ')" \
        each_step unrelated_writer_held
done
t_it "mmap: a file removed before unrelated_writer has its lock" unrelated_removed
for what in partner_comes killed_there; do
    t_it "mmap: unrelated_reader held before every step, $(echo $what | tr _ ' ')" \
        each_step unrelated_reader_held
done

# --- chapters 2 and 3 ---------------------------------------------------------

# The same over what a dead run left, which has to be cleared away first.
after_a_dead_run() {
    writer dead dead
    t_tells dead 'waiting for a reader'
    kill -KILL "$(t_pid dead)"
    t_reap dead
    nobody
    $what "$1"
}

for pair in posix_shm stream sysv_shm; do
    for kind in w r; do
        case $kind in
        w) name=writer ;;
        r) name=reader ;;
        esac
        for what in partner_comes another_comes killed_there; do
            t_it "$pair: $name held before every step, $(echo $what | tr _ ' ')" \
                each_step $what
        done
    done
    kind=w
    for what in partner_comes another_comes killed_there; do
        t_it "$pair: writer held over a dead run, $(echo $what | tr _ ' ')" \
            each_step after_a_dead_run
    done
done

# Ended by $signal before every step, parent_child leaves no segment; but a kill
# -9 between shmget and IPC_RMID does, as its head comment says.
private_family() {
    case $kind in
    child) t_start p env "STEP_HOLD=$1" STEP_CHILD=1 "$build/sysv_shm/parent_child" ;;
    parent) t_start p env "STEP_HOLD=$1" "$build/sysv_shm/parent_child" ;;
    esac
    t_within 2 family_stands || t_fail "$kind hangs before step $1"
    parent=$(t_pid p)
    child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null || :)
    child=${child% }
    victim=$parent
    if [ "$kind" = child ]; then victim=$child; fi
    if [ -z "$victim" ] || ! stopped "$victim"; then
        last=yes
        t_ends p 0
        t_same p.out "$question"
        return
    fi
    kill "-$signal" "$victim"
    kill -CONT "$victim" 2>/dev/null || : # a killed one may be gone
    t_within 2 t_ended "$parent" || t_fail "the parent stays"
    t_reap p
    [ "$status" != 0 ] || t_fail "it was not ended"
    [ -z "$child" ] || t_within 2 t_ended "$child" || t_fail "the child stays"
    [ ! -s "$T/p.out" ] || t_same p.out "$question"
    if [ "$kind $signal" = 'parent KILL' ] &&
        grep -q '^# held before step [0-9]*, \(shmat\|shmctl\) ' "$T/p.err"; then
        [ -n "$(made_by "$parent")" ] || t_fail "there is no window?"
        ipcrm -m "$(made_by "$parent")"
    fi
    t_within 2 made_nothing "$parent" || t_fail "it left segment $(made_by "$parent")"
}
made_by() {
    ipcs -m -p | awk -v p="$1" '$3 == p { print $1 }'
}
made_nothing() {
    [ -z "$(made_by "$1")" ]
}

# The kernel can close that window: proc(5).
window_closed() {
    [ "$(id -u)" = 0 ] || t_skip "only root can have an IPC namespace of its own"
    cat >"$T/ns" <<'S'
set -e
echo "$1" >/proc/sys/kernel/shm_rmid_forced
for step in 2 3; do
    STEP_HOLD=$step "$2" &
    while ! grep -q '^State:.T' "/proc/$!/status"; do sleep 0.01; done
    kill -KILL $!
    wait $! || :
done
ipcs -m | grep -c '^0x' || :
S
    for forced in 0 1; do
        t_run unshare -i sh "$T/ns" "$forced" "$build/sysv_shm/parent_child"
        grep '^unshare: \|shm_rmid_forced: ' "$T/err" && t_skip "$(cat "$T/err")"
        t_says err 'step 2, shmat ' 'step 3, shmctl '
        t_same out $((2 * (1 - forced)))
    done
}
for kind in parent child; do
    for signal in KILL TERM; do
        t_it "sysv_shm: parent_child, SIG$signal to the $kind before every step" \
            each_step private_family
    done
done
t_it "sysv_shm: parent_child, shm_rmid_forced closes its window" window_closed
t_finish
