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
# one_of FILE TEXT...: nothing but these texts.
one_of() {
    sort -u "$1" >"$T/lines"
    shift
    printf '%s\n' "$@" | sort >"$T/texts"
    [ -z "$(comm -23 "$T/lines" "$T/texts")" ] || t_fail "torn: $(cat "$T/lines")"
}

letters=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyaaaaa
old_or_new() {
    cmp -s "$1" data/test.txt || cmp -s "$1" "$T/half" || cmp "$1" "$T/new"
}
file_pair() {
    { printf %s "$letters" && tail -c +56 data/test.txt; } >"$T/new"
    : >"$T/half"
    cp data/test.txt "$T/f"
    case $what in
    another_comes) other=$kind ;;
    *) other=$partner_kind ;;
    esac
    t_start held env "STEP_HOLD=$1" "$build/mmap/$kind" "$T/f"
    stand held
    t_start p "./mmap/$other" "$T/f"
    if [ "$what" = killed_there ]; then
        if grep -q ', half a memcpy (' "$T/held.err"; then # as its comment says
            { printf %.27s "$letters" && tail -c +28 data/test.txt; } >"$T/half"
        fi
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

question='你是我儿子吗？' other='我是你父亲吗？'
family() {
    cp data/english.txt "$T/f"
    child=
    case $kind in
    child) t_start p env "STEP_CHILD=$1" "$build/mmap/parent_child" "$T/f" ;;
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
    case $what in
    another_comes)
        t_start v ./mmap/parent_child -m "$other" "$T/f"
        look
        kill -CONT "$victim"
        t_ends v 0
        t_ends p 0
        t_same v.out "$other"
        t_same p.out "$question"
        ;;
    killed_there)
        kill -KILL "$victim"
        t_within 2 t_ended "$(t_pid p)" || t_fail "the parent stays"
        t_reap p
        if [ "$kind" = child ]; then t_says p.err "the child $child died: Killed"; fi
        ;;
    esac
    [ -z "$child" ] || t_within 2 t_ended "$child" || t_fail "the child stays"
    [ ! -s "$T/p.out" ] || t_same p.out "$question"
    t_run ./mmap/parent_child "$T/f"
    t_same out "$question"
}
# The child before each of its steps, and its parent before it writes: whenever
# the parent is killed now, the child is not to wait for it.
orphan() {
    cp data/english.txt "$T/f"
    t_start p env STEP_HOLD=8 "STEP_CHILD=$1" "$build/mmap/parent_child" "$T/f"
    t_within 2 stopped "$(t_pid p)"
    t_says p.err 'step 8, memcpy (' # the parent's first after fork
    child=$(cat "/proc/$(t_pid p)/task/$(t_pid p)/children")
    child=${child% }
    t_soon stopped "$child" || last=yes # it waits for the text
    kill -KILL "$(t_pid p)"
    t_reap p
    kill -CONT "$child" 2>/dev/null || : # it is dead already, or will see it
    t_within 2 t_ended "$child" || {
        kill -KILL "$child"
        t_fail "the child stays"
    }
    t_same p.out ""
}
family_stands() {
    stopped_or_ended "$(t_pid p)" && return
    [ "$kind" = child ] || return 1
    child=$(cat "/proc/$(t_pid p)/task/$(t_pid p)/children" 2>/dev/null || :)
    [ -n "$child" ] && stopped "${child% }"
}

# $texts, unrelated or seqlock, has a writer of two texts, a short one and a long one.
long=$(printf %0300d 0)
text_writer() {
    rm -f "$T/f"
    if [ "$what" = killed_there ]; then
        t_start r "./mmap/${texts}_reader" -i 0.01 "$T/f"
        t_tells r 'waiting for a'
    fi
    t_start w env "STEP_HOLD=$1" "$build/mmap/${texts}_writer" \
        -n 2 -i 0 -m short -m "$long" "$T/f"
    stand w
    case $what in
    partner_comes)
        t_start r "./mmap/${texts}_reader" -n 1 "$T/f"
        look
        kill -CONT "$(t_pid w)" || :
        t_ends w 0
        t_ends r 0
        one_of "$T/r.out" "$long" short
        ;;
    another_comes)
        t_start v "./mmap/${texts}_writer" -n 1 -m other "$T/f"
        wanted=0
        if [ "$texts" = unrelated ]; then
            look # it waits for its turn, if w has the lock
        elif [ -z "$last" ] && grep -q 'writing to' "$T/w.err"; then
            wanted=1
            t_tells v 'another writer is at work'
        else # w may have the lock already
            t_within 2 t_ended "$(t_pid v)" || t_fail "the other writer hangs"
            wanted='[01]'
        fi
        kill -CONT "$(t_pid w)" || :
        t_ends w 0
        t_within 2 t_ended "$(t_pid v)" || t_fail "the other writer hangs"
        t_reap v
        # shellcheck disable=SC2254 # a pattern
        case $status in
        $wanted) ;;
        *) t_fail "the other writer: status $status and not $wanted" ;;
        esac
        ;;
    killed_there)
        kill -KILL "$(t_pid w)" || :
        t_reap w
        # A reader that comes now prints a whole text, or none.
        t_start s "./mmap/${texts}_reader" -n 1 "$T/f"
        t_within 2 has_looked || t_fail "the reader neither prints nor waits"
        one_of "$T/s.out" "$long" short
        t_start v "./mmap/${texts}_writer" -n 1 -m next "$T/f"
        t_ends v 0
        t_ends s 0
        one_of "$T/s.out" "$long" short next
        t_within 2 grep -qx next "$T/r.out" || t_fail "no text after a kill"
        kill "$(t_pid r)"
        t_ends r 143
        one_of "$T/r.out" "$long" short next
        ;;
    esac
    t_run "./mmap/${texts}_reader" -n 1 "$T/f"
    one_of "$T/out" "$long" short other next
}
# s has ended, or looks in vain: so it says, or the first byte is NUL.
has_looked() {
    t_ended "$(t_pid s)" || case $texts in
    seqlock) grep -q 'waiting for a writer' "$T/s.err" ;;
    unrelated) [ "$(od -An -tx1 -j1024 -N1 "$T/f")" = ' 00' ] ;;
    esac
}
# A reader has begun with one text, and another one comes.
zeros=$(printf %03000d 0)
ones=$(printf %03000d 0 | tr 0 1)
text_reader() {
    rm -f "$T/f"
    t_run "./mmap/${texts}_writer" -n 1 -m "$zeros" "$T/f"
    t_start r env "STEP_HOLD=$1" "$build/mmap/${texts}_reader" -n 1 "$T/f"
    stand r
    t_start w "./mmap/${texts}_writer" -n 1 -m "$ones" "$T/f"
    case $texts in
    seqlock) t_ends w 0 ;; # it waits for no reader
    unrelated) look ;;
    esac
    if [ "$what" = killed_there ]; then
        kill -KILL "$(t_pid r)" || :
        t_reap r
    else
        kill -CONT "$(t_pid r)" || :
        t_ends r 0
        one_of "$T/r.out" "$zeros" "$ones"
    fi
    [ "$texts" = seqlock ] || t_ends w 0
    t_run "./mmap/${texts}_reader" -n 1 "$T/f"
    t_same out "$ones"
}

# control FILE SED...: without a protection in FILE, a kill at one of the steps
# leaves a torn text. If that is not seen, the test above sees nothing.
control() {
    what=killed_there file=$1
    mkdir -p "$T/broken/mmap"
    cp mmap/*.[ch] "$T/broken/mmap"
    shift
    sed "$@" "mmap/$file" >"$T/broken/mmap/$file"
    cmp -s "mmap/$file" "$T/broken/mmap/$file" && t_fail "nothing is changed"
    # shellcheck disable=SC2086 # flags
    ${CC:-cc} ${STEP_CFLAGS:--O1 -g} -include tests/lib/steps.h \
        "$T/broken/mmap/${texts}_writer.c" -o "$T/broken/mmap/${texts}_writer" -lrt
    build=$T/broken EVERY=1
    (
        trap 't_stop_all $?' EXIT
        each_step text_writer
    ) >"$T/found" 2>&1 &
    wait $! && t_fail "no kill leaves a torn text"
    grep '^torn: ' "$T/found" >"$T/torn" || t_fail "$(cat "$T/found")"
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
t_it "mmap: child held before every step, parent killed" each_step orphan
for texts in unrelated seqlock; do
    for what in partner_comes another_comes killed_there; do
        t_it "mmap: ${texts}_writer held before every step, $(echo $what | tr _ ' ')" \
            each_step text_writer
    done
    for what in partner_comes killed_there; do
        t_it "mmap: ${texts}_reader held before every step, $(echo $what | tr _ ' ')" \
            each_step text_reader
    done
done
texts=unrelated
t_it "mmap: a copy of the whole text, and no first byte last, is found out" \
    control unrelated_writer.c -e "/shown\[0\] = '.0';/d" -e '/shown\[0\] = text\[0\];/d' \
    -e 's/memcpy(shown + 1, text + 1, strlen(text))/memcpy(shown, text, strlen(text) + 1)/'
texts=seqlock
t_it "mmap: a text without the odd number is found out" \
    control seqlock.h -e '/atomic_store_explicit(&lock->sequence, odd,/d'

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
    child) t_start p env "STEP_CHILD=$1" "$build/sysv_shm/parent_child" ;;
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
