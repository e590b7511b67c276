#!/bin/sh
# tests/deep/windows.sh - every window between two steps, held open
#
# Each program is compiled with steps.h and stopped before its first step, its
# second, and so on to its last: once while its partner comes, once while
# another of its own kind comes, once to be killed there; in chapter 2 also while
# its partner is killed, and while another stands in the middle of something, too.
# It takes minutes, so `make test` leaves it out: `make windows` runs it. EVERY=5
# looks at one step in five, beginning with one at random.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/pairs.sh"
: "${EVERY:=1}" "${LANES:=4}"
# shellcheck disable=SC3045 # every shell has -c
ulimit -c 0 # who dies of a SIGQUIT leaves no core

# compile SOURCE PROGRAM: with steps. A ring of few pages is soon full.
compile() {
    # shellcheck disable=SC2086 # flags
    ${CC:-cc} ${STEP_CFLAGS:--O1 -g} -DSLOTS=4 -DSLOT_SIZE=4096 \
        -include tests/lib/steps.h "$1" -o "$2" -lrt
}
# shellcheck disable=SC2034 # pairs.sh does
slots=4 slot=4096 ring=16384
build=$t_tmp/steps
mkdir "$build" "$build/mmap" "$build/posix_shm" "$build/sysv_shm"
(
    set -e
    student_sources "$t_tmp/student"
) || exit 1
for program in $t_programs; do
    case $program in
    sysv_shm/*) compile "$t_tmp/student/${program#*/}.c" "$build/$program" || exit 1 ;;
    *) compile "$program.c" "$build/$program" || exit 1 ;;
    esac
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
    stopped_or_ended "$(t_pid "$1")" ||
        grep -q 'waiting for \(a\|key\)' "$T/$1.err"
}

# held_at WHO: the call before which it stands.
held_at() {
    sed -n 's/^# held before step [0-9]*, \(.*\) (.*)$/\1/p' "$T/$1.err"
}

# Let the others look: longer than the 50 ms between two looks of theirs.
look() {
    sleep 0.12
}

# lanes FUNCTION: FUNCTION N for every step, until it says with $last that there
# is no step N. LANES of them run side by side, for they wait more than they compute:
# each has a folder, a name and a key of its own, and takes its turn at the steps.
lanes() {
    first=$(($(t_random "$EVERY") + 1)) lane=0 lane_pids='' over=0
    trap 'over=$?
        kill $lane_pids 2>/dev/null
        wait $lane_pids
        t_stop_all $over' EXIT
    while [ $((lane += 1)) -le "$LANES" ]; do
        (a_lane "$1") >"$T/lane$lane.log" 2>&1 9>&- &
        lane_pids="$lane_pids $!"
    done
    lane=0
    for pid in $lane_pids; do
        lane=$((lane + 1))
        wait "$pid" || {
            echo "step $(cat "$T/lane$lane/step"):"
            cat "$T/lane$lane.log"
            tail -n 20 "$T/lane$lane"/*.err
            t_fail "lane $lane"
        }
    done
    trap 't_stop_all $?' EXIT
    echo "# $(($(cat "$T"/lane*/step | sort -n | head -n 1) - 1)) steps"
}
a_lane() {
    trap 't_stop_all $?' EXIT
    trap 'exit 1' HUP INT TERM
    set -e
    t_all='' T=$T/lane$lane NAME=$NAME.$lane KEY=$(t_key_of $((t_number * 8 + lane)))
    mkdir "$T"
    n=$((first + (lane - 1) * EVERY)) last=
    while :; do
        nobody
        echo "$n" >"$T/step"
        "$1" "$n"
        [ -z "$last" ] || break
        n=$((n + EVERY * LANES))
    done
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
    build_then=$build build=${plain:-.}
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
        case $pair.$kind.$(held_at "$kind") in
        posix_shm.w.pwrite | posix_shm.w.fallocate | posix_shm.w.mmap | *.sem_init)
            [ -e "/dev/shm$NAME" ] || t_fail "a reader takes what is in the making"
            ;;
        esac
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
        build_then=$build build=${plain:-.}
        case $kind in
        w) writer v two ;;
        r) reader s ;;
        esac
        build=$build_then
        look
        case $pair.$kind.$(held_at "$kind") in
        posix_shm.w.pwrite | posix_shm.w.fallocate | posix_shm.w.mmap | *.sem_init | \
            sealed.w.memfd_create | stream.w.memfd_create)
            t_within 2 t_ended "$(t_pid v)" || t_fail "the other writer is not refused"
            ;;
        esac
        kill -CONT "$(t_pid "$kind")"
    fi
    settle
    if [ -z "$last" ] && [ "$kind" = w ]; then
        grep -qx 0 "$T/w.status" "$T/v.status" || t_fail "each refused the other"
    fi
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
        : >"$T/s.out"
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
    compile "$T/broken/mmap/${texts}_writer.c" "$T/broken/mmap/${texts}_writer"
    build=$T/broken EVERY=1
    (
        trap 't_stop_all $?' EXIT
        lanes text_writer
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
            lanes file_pair
    done
done
for kind in parent child; do
    for what in another_comes killed_there; do
        t_it "mmap: $kind held before every step, $(echo $what | tr _ ' ')" \
            lanes family
    done
done
t_it "mmap: child held before every step, parent killed" lanes orphan
for texts in unrelated seqlock; do
    for what in partner_comes another_comes killed_there; do
        t_it "mmap: ${texts}_writer held before every step, $(echo $what | tr _ ' ')" \
            lanes text_writer
    done
    for what in partner_comes killed_there; do
        t_it "mmap: ${texts}_reader held before every step, $(echo $what | tr _ ' ')" \
            lanes text_reader
    done
done
texts=unrelated
t_it "mmap: a copy of the whole text, and no first byte last, is found out" \
    control unrelated_writer.c -e "/shown\[0\] = '.0';/d" -e '/shown\[0\] = text\[0\];/d' \
    -e 's/memcpy(shown + 1, text + 1, strlen(text))/memcpy(shown, text, strlen(text) + 1)/'
texts=seqlock
t_it "mmap: a text without the odd number is found out" \
    control seqlock.h -e '/atomic_store_explicit(&lock->sequence, odd,/d'

# --- chapter 2: pairs -----------------------------------------------------------

# reaped WHO: it ends in 2 seconds; $status.
reaped() {
    t_within 2 t_ended "$(t_pid "$1")" || t_fail "$1 does not end"
    t_reap "$1"
    echo "$status" >"$T/$1.status"
}

# must_go_on KIND: has it not yet met the partner that is dead now? Where the step
# does not tell, it may end as well.
must_go_on() {
    at=$(held_at "$1")
    case $pair.$1 in
    sysv_shm.*) ! student_met "$1" ;;
    posix_shm.w) [ -e "/dev/shm$NAME" ] || ! grep -q 'waiting for a' "$T/w.err" ;;
    posix_shm.r)
        case $at in
        shm_open | close | pread | lockf) [ -e "/dev/shm$NAME" ] ;;
        *) false ;;
        esac
        ;;
    *.w)
        case $at in
        socket | bind | listen | memfd_create | fallocate | fcntl | mmap) ;;
        accept4 | getsockopt | sendmsg) ;;
        *) false ;;
        esac
        ;;
    *.r)
        case $at in
        socket | connect | close) ;;
        *) false ;;
        esac
        ;;
    esac
}
# The partner of who stands is killed. Who had met it says so and ends; else it
# goes on and serves the next one.
partner_killed() {
    held "$kind" "$1"
    go_on=
    if [ -z "$last" ]; then
        if [ "$kind" = w ]; then other=r; else other=w; fi
        if [ -z "$partner" ]; then
            comes "$kind"
            look
        fi
        kill -KILL "$(t_pid "$other")" 2>/dev/null || : # or it has ended
        reaped "$other"
        [ "$status" != 137 ] || killed=" $other"
        if must_go_on "$kind"; then go_on=yes; fi
        kill -CONT "$(t_pid "$kind")"
    fi
    settle
    account
    [ -z "$go_on" ] || grep -qx 0 "$T/$kind.status" ||
        t_fail "$kind had not met $other, and does not go on"
    plain_run
}

# A writer of 2.1 that is told to end removes its name, and dies of the signal.
told_there() {
    held w "$1"
    if [ -z "$last" ]; then
        case $(($1 / 2 % 4)) in
        0) signal=INT number=130 ;;
        1) signal=TERM number=143 ;;
        2) signal=HUP number=129 ;;
        3) signal=QUIT number=131 ;;
        esac
        if [ $(($1 % 2)) = 0 ] && [ -z "$partner" ]; then
            comes w
            look
        fi
        kill "-$signal" "$(t_pid w)"
        kill -CONT "$(t_pid w)"
        told=" w"
        reaped w
        case $status in
        "$number") [ -n "$readers" ] || nothing_left ;;
        0) ;; # all had been read
        *) t_fail "SIG$signal: status $status" ;;
        esac
    fi
    settle
    account
    plain_run
}

# The same over what a dead writer has left: an object that is made, or half of it.
over_a_dead_one() {
    case $left in
    made) writer dead dead ;;
    half) writer dead dead STEP_AT=fallocate:1 ;;
    esac
    t_within 2 stopped_or_waits dead || t_fail "nothing is left"
    kill -KILL "$(t_pid dead)"
    reaped dead
    [ -e "/dev/shm$NAME" ]
    nobody
    $what "$1"
}

# begin WHO N: it stands before its step N, or goes on to where it waits.
begin() {
    case $1 in
    w) writer w one "STEP_HOLD=$2" ;;
    v) writer v two "STEP_HOLD=$2" ;;
    r | s) reader "$1" "STEP_HOLD=$2" ;;
    esac
    t_within 2 stopped_or_waits "$1" || t_fail "$1 hangs before step $2"
    if ! stopped_or_ended "$(t_pid "$1")"; then look; fi
}
# go_on WHO: or, with $deaths, be killed now and then.
go_on() {
    if [ -n "$deaths" ] && [ "$(t_random 4)" = 0 ]; then
        kill -KILL "$(t_pid "$1")" 2>/dev/null || :
        killed="$killed $1"
    else
        kill -CONT "$(t_pid "$1")" 2>/dev/null || :
        awake="$awake $(t_pid "$1")" # it may come to its step only now
    fi
}
# both A N B M: A stands before step N and B before step M. Then one goes on, and
# then the other: the first is A, or either with $deaths.
both() {
    begin "$1" "$2"
    begin "$3" "$4"
    echo "$1 before step $2, $(held_at "$1"); $3 before step $4, $(held_at "$3")"
    if [ -n "$deaths" ] && [ "$(t_random 2)" = 0 ]; then set -- "$3" "$4" "$1" "$2"; fi
    go_on "$1"
    look
    go_on "$3"
    look
    settle
    awake=
    if [ -z "$killed" ] && [ "$1$3" = wv ]; then
        grep -qx 0 "$T/w.status" "$T/v.status" || t_fail "each refused the other"
    fi
    account
    plain_run
}
# While a writer of 2.1 makes its object, a reader is in the middle of its looks.
# (Without an object, step 1 of the writer, it has nothing to look at.)
made_and_looked_at() {
    if [ "$1" -gt 99 ]; then
        last=yes
        return
    fi
    deaths=''
    both w $((2 + ($1 - 1) / 9)) r $((1 + ($1 - 1) % 9))
}
# any_two A B MOST: both at any of MOST steps.
any_two() {
    pair_of_two="$1 $2" most=$3 deaths=yes
    lanes any_two_there
}
any_two_there() {
    if [ "$1" -gt "$most" ]; then
        last=yes
        return
    fi
    # shellcheck disable=SC2086 # words
    set -- $pair_of_two "$1"
    case $pair.$1$2 in
    posix_shm.wv)
        left=made what=:
        over_a_dead_one 0
        ;;
    *.rs)
        build_then=$build build=$plain
        writer w one
        build=$build_then
        t_tells w 'waiting for a reader'
        ;;
    esac
    both "$1" "$3" "$2" $((1 + $(t_random "$most")))
}

# A reader has the right to remove the name, and has not done so, when the writer
# dies and the next one comes: that one waits until the name is gone. It neither
# says that another writer is at work, nor loses its own object to that reader; nor
# does the first one, if it can, remove the name before the reader.
about_to_remove() {
    for at in mmap shm_unlink; do
        for death in KILL TERM; do
            for end in CONT KILL; do changes_there; done
        done
    done
}
changes_there() {
    nobody
    writer w one
    t_tells w 'waiting for a reader'
    reader r "STEP_AT=$at:1"
    t_within 2 stopped "$(t_pid r)"
    kill "-$death" "$(t_pid w)"
    reaped w
    killed=' w' told=' w'
    writer v two
    look
    ! t_ended "$(t_pid v)" || t_fail "the next writer does not wait"
    ! grep 'waiting for a reader' "$T/v.err" || t_fail "the name was free too early"
    reader s
    kill "-$end" "$(t_pid r)"
    if [ "$end" = KILL ]; then killed=' w r'; fi
    settle
    grep -qx 0 "$T/v.status" || t_fail "the next writer is not read"
    case $end in
    CONT) t_says r.err "the writer at $NAME has died" ;;
    esac
    account
    plain_run
}

# Who waits for that can be told to end.
told_while_it_waits() {
    nobody
    writer w one
    t_tells w 'waiting for a reader'
    reader r STEP_AT=shm_unlink:1
    t_within 2 stopped "$(t_pid r)"
    kill -KILL "$(t_pid w)"
    reaped w
    writer v two
    look
    ! t_ended "$(t_pid v)" || t_fail "the next writer does not wait"
    kill "$(t_pid v)"
    reaped v
    [ "$status" != 0 ]
    killed=' w' told=' v'
    kill -CONT "$(t_pid r)"
    settle
    account
    plain_run
}

# A reader that finds what a dead writer left removes it, though no other comes.
left_by_the_dead() {
    nobody
    writer w one
    t_tells w 'waiting for a reader'
    kill -KILL "$(t_pid w)"
    reaped w
    [ -e "/dev/shm$NAME" ]
    reader r
    t_within 2 test ! -e "/dev/shm$NAME" || t_fail "the reader leaves it"
    killed=' w'
    settle
    account
    plain_run
}

# A reader has died in the middle, and the writer has not noticed it yet. Another one,
# that had opened the object before, does not go on where that one was.
where_another_died() {
    nobody
    writer w one
    t_tells w 'waiting for a reader'
    reader s STEP_AT=lockf:1
    t_within 2 stopped "$(t_pid s)"
    reader r STEP_AT=printf:1
    t_within 2 stopped "$(t_pid r)"
    kill -STOP "$(t_pid w)"
    kill -KILL "$(t_pid r)"
    reaped r
    killed=' r'
    kill -CONT "$(t_pid s)"
    look
    kill -CONT "$(t_pid w)"
    settle
    account
    t_says w.err 'the reader has died'
    plain_run
}

# A writer that fails while it makes its object removes it. One that has opened it by
# then makes another one, and does not wait at what has no name.
given_up() {
    # shellcheck disable=SC2016 # for the shell in there
    t_start w sh -c 'trap "" XFSZ && ulimit -f 0 && exec "$@"' sh \
        env STEP_AT=pwrite:1 "$build/posix_shm/writer" -s "$NAME" one
    t_within 2 stopped "$(t_pid w)"
    writer v two STEP_AT=lockf:1
    t_within 2 stopped "$(t_pid v)"
    kill -CONT "$(t_pid w)"
    t_ends w 1
    nothing_left
    kill -CONT "$(t_pid v)"
    reader r
    t_ends v 0
    t_ends r 0
    t_same r.out 'two.1
two.2
two.3'
}

# broken_pair PATTERN FILE SED...: without a protection in FILE this test, $what of
# $kind, fails. If it does not, it sees nothing.
broken_pair() {
    pattern=$1 file=$2
    shift 2
    broken_tree "$file" "$@"
    (
        trap 't_stop_all $?' EXIT
        lanes "$what"
    ) >"$T/found" 2>&1 &
    wait $! && t_fail "it is not found out"
    rm -f "/dev/shm$NAME".*
    grep -q -e "$pattern" "$T/found" || t_fail "$(cat "$T/found")"
}
# broken_tree FILE SED...: $build is made from changed sources.
broken_tree() {
    file=$1
    shift
    mkdir -p "$T/broken/posix_shm" "$T/steps/posix_shm"
    cp posix_shm/*.[ch] "$T/broken/posix_shm"
    sed "$@" "posix_shm/$file" >"$T/broken/posix_shm/$file"
    cmp -s "posix_shm/$file" "$T/broken/posix_shm/$file" && t_fail "nothing is changed"
    for program in writer reader; do
        compile "$T/broken/posix_shm/$program.c" "$T/steps/posix_shm/$program"
    done
    # shellcheck disable=SC2034 # T_PATIENCE: what hangs is to be found out soon
    build=$T/steps plain=$T/steps EVERY=1 T_PATIENCE=1
}

plain=$build
for pair in posix_shm sealed stream; do
    for kind in w r; do
        case $kind in
        w) name=writer ;;
        r) name=reader ;;
        esac
        for what in partner_comes another_comes killed_there partner_killed; do
            t_it "$pair: $name held before every step, $(echo $what | tr _ ' ')" \
                lanes $what
        done
    done
    case $pair in
    posix_shm)
        t_it "$pair: writer told to end before every step" lanes told_there
        kind=w
        for left in made half; do
            for what in partner_comes another_comes killed_there told_there; do
                case $left.$what in half.partner_comes | half.told_there) continue ;; esac
                t_it "$pair: writer held over an object $left, $(echo $what | tr _ ' ')" \
                    lanes over_a_dead_one
            done
        done
        t_it "$pair: an object in the making, a reader in its looks" \
            lanes made_and_looked_at
        t_it "$pair: a reader about to remove the name, the writers change" \
            about_to_remove
        t_it "$pair: a reader removes what a dead writer left" left_by_the_dead
        t_it "$pair: told to end while it waits for the name" told_while_it_waits
        t_it "$pair: a reader comes where another one has died" where_another_died
        t_it "$pair: a writer has opened what another one gives up" given_up
        ;;
    esac
    t_it "$pair: two writers, each before any step" any_two w v 22
    t_it "$pair: two readers, each before any step" any_two r s 16
    t_it "$pair: a writer and a reader, each before any step" any_two w r 30
done
pair=posix_shm
kind=w what=partner_comes
t_it "posix_shm: an object that is not locked in the making is found out" \
    broken_pair . writer.c -e 's/F_TLOCK, WRITER, 2/F_TLOCK, WRITER, 1/'
for kind in w r; do
    case $kind in
    w) name=writer ;;
    r) name=reader ;;
    esac
    what=partner_killed
    t_it "posix_shm: a $name that never looks for the other is found out" \
        broken_pair 'stands still' message.h \
        -e 's/(!message_named(fd) && message_lock(fd, F_TEST, partner, 1))/false/'
done

# --- chapter 2: counters --------------------------------------------------------

# A place to stand between the two additions, and a name for each lane.
counter_steps() {
    mkdir -p "$1/posix_shm"
    counter_sources "$1/posix_shm"
    sed -i -e 's/^ *c->total++;/STEP(between); c->total++;/' "$1/posix_shm/counter.c"
    grep -q 'STEP(between)' "$1/posix_shm/counter.c"
    if [ -n "${2:-}" ]; then
        cp "$1/posix_shm/counter.${2%%:*}" "$1/before"
        sed -i -e "${2#*:}" "$1/posix_shm/counter.${2%%:*}"
        cmp -s "$1/before" "$1/posix_shm/counter.${2%%:*}" && t_fail "nothing is changed"
    fi
    compile "$1/posix_shm/counter.c" "$1/counter"
}

# count WHO NUMBER [VARIABLE=VALUE]...
count() {
    who=$1 times=$2
    shift 2
    counters="$counters $who"
    t_start "$who" env --default-signal COUNTER="$NAME" "$@" "$crowd_build" "$times"
}
# counted WHO...: they end, and all totals are the sums of all rows; $most_of_all.
counted() {
    most_of_all=0
    for one; do
        t_within 2 t_ended "$(t_pid "$one")" || t_fail "$one stands still"
        t_reap "$one"
        echo "$status" >"$T/$one.status"
        case $status:" $killed $told " in
        0:*) ;;
        *" $one "*) ;;
        *) t_fail "$one: status $status: $(cat "$T/$one.out")" ;;
        esac
        [ -s "$T/$one.out" ] || {
            [ "$status" = 137 ] || t_fail "$one prints nothing"
            continue
        }
        # shellcheck disable=SC2046 # words
        set -- "$@" $(sed -n 's/^added .*, all rows \(.*\), total \(.*\)$/\1 \2/p' \
            "$T/$one.out")
        while [ $# -gt 2 ]; do shift; done
        [ "$1" = "$2" ] || t_fail "$one: $(cat "$T/$one.out")"
        [ "$2" -lt "$most_of_all" ] || most_of_all=$2
    done
}
counter_gone() {
    [ ! -e "/dev/shm$NAME" ] || t_fail "$NAME is left in /dev/shm"
}
# The next one begins anew, and leaves nothing.
count_on() {
    counters='' killed='' told=''
    count next 5
    counted next
    t_same next.out 'added 5, all rows 5, total 5'
    counter_gone
}
# a stands before step N: $last, if there is none.
counter_held() {
    nobody
    counters=''
    count a 2 "STEP_HOLD=$1"
    t_within 2 stopped_or_ended "$(t_pid a)" || t_fail "a hangs before step $1"
    if ! stopped "$(t_pid a)"; then
        last=yes
        counted a
        t_same a.out 'added 2, all rows 2, total 2'
        counter_gone
    fi
}
in_a_lock() {
    t_ended "$(t_pid "$1")" || case $(cat "/proc/$(t_pid "$1")/wchan" 2>/dev/null) in
    *futex* | *flock* | *locks_lock*) ;;
    *) false ;;
    esac
}
# Two more come, and one of them has a signal of its own.
counters_come() {
    counter_held "$1"
    [ -z "$last" ] || return 0
    count b 100
    count d 100
    joined=
    case $(held_at a) in
    mutex_lock | mutex_unlock | between)
        if t_soon in_a_lock b && t_soon in_a_lock d; then joined=yes; fi
        ;;
    *) look ;;
    esac
    kill -CONT "$(t_pid a)"
    counted a b d
    # Where all had opened the object before a went on, the last to leave sees all.
    [ -z "$joined" ] || [ "$most_of_all" = 202 ] ||
        t_fail "added 202 in all, and the total is $most_of_all"
    counter_gone
}
counter_killed() {
    counter_held "$1"
    [ -z "$last" ] || return 0
    if [ $(($1 % 2)) = 0 ]; then
        count b 100
        count d 100
        look
    fi
    kill -KILL "$(t_pid a)"
    killed=a
    count e 100
    # shellcheck disable=SC2086 # a list
    counted $counters
    count_on
}
counter_told() {
    counter_held "$1"
    [ -z "$last" ] || return 0
    case $(($1 / 2 % 4)) in
    0) signal=INT number=130 ;;
    1) signal=TERM number=143 ;;
    2) signal=HUP number=129 ;;
    3) signal=QUIT number=131 ;;
    esac
    told=a
    kill "-$signal" "$(t_pid a)"
    if [ $(($1 % 2)) = 0 ]; then
        count b 100
        look
    fi
    kill -CONT "$(t_pid a)"
    # shellcheck disable=SC2086 # a list
    counted $counters
    grep -qx "$number" "$T/a.status" || t_fail "SIG$signal: status $(cat "$T/a.status")"
    t_says a.out '^added [0-2], all rows'
    counter_gone
}
# Three start at once: two stand before any of their steps, one does not.
counters_at_once() {
    if [ "$1" -gt 60 ]; then
        last=yes
        return
    fi
    nobody
    counters='' killed='' awake=''
    count a 2 "STEP_HOLD=$((1 + $1 / 2))"
    count b 2 "STEP_HOLD=$((1 + $(t_random 25)))"
    count d 100
    look
    first=a second=b
    if [ "$(t_random 2)" = 0 ]; then first=b second=a; fi
    for one in $first $second; do
        if [ "$(t_random 4)" = 0 ]; then
            kill -KILL "$(t_pid "$one")" 2>/dev/null || :
            killed="$killed $one"
        else
            awake="$awake $(t_pid "$one")"
        fi
        n_looks=0
        while [ $((n_looks += 1)) -le 4 ]; do
            # shellcheck disable=SC2086 # a list
            kill -CONT $awake 2>/dev/null || :
            sleep 0.02
        done
    done
    for one in a b d; do # before any of them is reaped
        t_within 2 ended_or_on "$one" || t_fail "$one stands still"
    done
    counted a b d
    count_on
}
ended_or_on() {
    # shellcheck disable=SC2086 # a list
    [ -z "$awake" ] || kill -CONT $awake 2>/dev/null || :
    t_ended "$(t_pid "$1")"
}
# Who repairs is killed in the middle of it, and the next one repairs again.
killed_in_the_repair() {
    for at in mutex_consistent:1 mutex_unlock:1; do
        nobody
        counters=''
        count a 2 STEP_AT=between:2
        t_within 2 stopped "$(t_pid a)"
        count b 9 "STEP_AT=$at"
        count d 9
        look
        kill -KILL "$(t_pid a)"
        # d may be the one that repairs: then b stands later, or never.
        t_within 2 stopped_or_ended "$(t_pid b)" || in_a_lock b
        killed='a b'
        kill -KILL "$(t_pid b)" 2>/dev/null || :
        count e 9
        counted a b d e
        count_on
    done
}

# glibc's unlock first stores 0 in the mutex and then wakes one that waits. a is
# killed between the two, and b has not set the bit that says that it waits.
wake_up_lost() {
    echo '#include <features.h>' | ${CC:-cc} -E -dM - | grep -q '__GLIBC__' ||
        t_skip "it stores into glibc's mutex"
    nobody
    counter_steps "$T/lost" \
        'c:s/STEP(between); c->total++;/& raise(SIGSTOP), c->mutex.__data.__lock = 0, raise(SIGKILL);/'
    counters='' crowd_build=$T/lost/counter
    count a 2
    t_within 2 stopped "$(t_pid a)"
    killed=a crowd_build=${1:-$t_tmp/counter/counter}
    count b 9
    t_within 2 in_a_lock b
    kill -CONT "$(t_pid a)"
    counted a b
    t_same b.out 'added 9, all rows 10, total 10'
    count_on
}
waits_without_end() {
    counter_steps "$T/endless" 'h:s/= pthread_mutex_clocklock(.*/= pthread_mutex_lock(\&c->mutex);/'
    T_PATIENCE=1
    (
        trap 't_stop_all $?' EXIT
        wake_up_lost "$T/endless/counter"
    ) >"$T/found" 2>&1 &
    wait $! && t_fail "it is not found out"
    rm -f "/dev/shm$NAME"
    grep -q -e 'b stands still' "$T/found" || t_fail "$(cat "$T/found")"
}
# A stopped process keeps the mutex; who waits for it, can be told to end.
told_while_it_waits() {
    for signal in INT:130 TERM:143 HUP:129 QUIT:131; do
        nobody
        counters=''
        count a 2 STEP_AT=between:1
        t_within 2 stopped "$(t_pid a)"
        count b 9
        t_within 2 in_a_lock b
        kill "-${signal%:*}" "$(t_pid b)"
        t_ends b "${signal#*:}"
        [ ! -s "$T/b.out" ] || t_fail "b has no mutex, and prints $(cat "$T/b.out")"
        kill -CONT "$(t_pid a)"
        counted a
        t_same a.out 'added 2, all rows 2, total 2'
        counter_gone
    done
}

# The last one stands before it removes the name, and b has opened the object: b then
# counts in another one, that has a name, and d finds it there.
last_one_leaves() {
    nobody
    counters=''
    count a 1 STEP_AT=shm_unlink:1
    t_within 2 stopped "$(t_pid a)" || t_fail "a does not remove it"
    count b 1000000000000000
    t_within 2 in_a_lock b || t_fail "b does not wait"
    kill -CONT "$(t_pid a)"
    counted a
    t_within 2 test -s "/dev/shm$NAME" || t_fail "b counts where nobody comes"
    count d 5
    counted d
    t_says d.out '^added 5, '
    told=b
    kill -TERM "$(t_pid b)"
    counted b
    counter_gone
}

# a stands between its two additions: b that comes takes no row, and e that is done reads
# no total.
waits_for_the_sums() {
    nobody
    counters=''
    count a 2 STEP_AT=between:1
    t_within 2 stopped "$(t_pid a)"
    count b 9
    t_within 2 in_a_lock b
    [ "$(rows_in_use)" = 1 ] || t_fail "b takes a row without the mutex"
    kill -CONT "$(t_pid a)"
    counted a b
    counters=''
    count e 1 STEP_AT=mutex_lock:3
    t_within 2 stopped "$(t_pid e)" || t_fail "e reads the total without the mutex"
    count a 2 STEP_AT=between:1
    t_within 2 stopped "$(t_pid a)"
    kill -CONT "$(t_pid e)"
    t_within 2 in_a_lock e
    kill -CONT "$(t_pid a)"
    counted a e
    counter_gone
}
rows_in_use() {
    printf '#include <stddef.h>\n#include "counter.h"\n%s\n' \
        'int main(void) { printf("%zu", offsetof(struct counter, rows)); }' >"$T/rows.c"
    ${CC:-cc} -w -D_GNU_SOURCE -Iposix_shm "$T/rows.c" -o "$T/rows"
    echo $(($(od -An -td4 -N4 -j"$("$T/rows")" "/dev/shm$NAME")))
}

# b is told to end while a, stopped, has the mutex; and a dies before b leaves. Then b is
# the last one, and removes the object.
told_and_alone() {
    nobody
    counters=''
    count a 2 STEP_AT=between:1
    t_within 2 stopped "$(t_pid a)"
    count b 9 STEP_AT=flock:3 # two were to come in
    t_within 2 in_a_lock b
    kill -TERM "$(t_pid b)"
    t_within 2 stopped_or_ended "$(t_pid b)"
    kill -KILL "$(t_pid a)"
    t_ends a 137
    kill -CONT "$(t_pid b)" 2>/dev/null || :
    t_ends b 143
    counter_gone
}

# broken_counter PATTERN FILE:SED: without this a kill is found out.
broken_counter() {
    counter_steps "$T/broken" "$2"
    crowd_build=$T/broken/counter EVERY=1 T_PATIENCE=1
    (
        trap 't_stop_all $?' EXIT
        lanes counter_killed
    ) >"$T/found" 2>&1 &
    wait $! && t_fail "it is not found out"
    rm -f "/dev/shm$NAME".*
    grep -q -e "$1" "$T/found" || t_fail "$(cat "$T/found")"
}

(
    set -e
    counter_steps "$t_tmp/counter"
) || exit 1
crowd_build=$t_tmp/counter/counter
t_it "counter: held before every step, others come" lanes counters_come
t_it "counter: killed before every step" lanes counter_killed
t_it "counter: told to end before every step" lanes counter_told
t_it "counter: three at once, two before any step" lanes counters_at_once
t_it "counter: killed while it repairs" killed_in_the_repair
t_it "counter: one comes as the last one leaves" last_one_leaves
t_it "counter: rows and totals wait for the mutex" waits_for_the_sums
t_it "counter: a wake-up is lost" wake_up_lost
t_it "counter: a wait without an end is found out" waits_without_end
t_it "counter: told to end while it waits for the mutex" told_while_it_waits
t_it "counter: told to end, and the others die" told_and_alone
t_it "counter: no repair is found out" \
    broken_counter 'all rows \(.*\), total' 'c:/c->total = sum(c);/d'
t_it "counter: a mutex that is not robust is found out" \
    broken_counter 'stands still' 'h:/setrobust/d'

# --- chapter 3 ----------------------------------------------------------------

# student_met KIND: has it met its partner where it stands? A writer has, once it has
# posted, for what it does next it does when a reader came; a reader, once it took.
student_met() {
    at=$(held_at "$1")
    if [ "$1" = w ]; then
        grep -q 'waiting for a reader' "$T/w.err"
        return
    fi
    case $at in
    shmget | shmat | printf | shmdt) ;;
    semctl) grep -q '^# held.*reader.c:' "$T/r.err" ;;
    semop)
        take=$(grep -n 'semop(set, take' sysv_shm/reader.c)
        ! grep -q "^# held.*reader.c:${take%%:*})" "$T/r.err"
        ;;
    *) false ;;
    esac
}

# $signal to who stands, $kind (with $aim, itself), or to its partner, which waits
# (its). The other ends with 1 and says why if they had met, and serves the next one
# if not.
student_partner() {
    held "$kind" "$1"
    met=
    if [ -z "$last" ]; then
        if [ -z "$partner" ]; then
            comes "$kind"
            look
        fi
        case $aim$kind in
        itselfr | itsw) victim=r survivor=w ;;
        *) victim=w survivor=r ;;
        esac
        if student_met "$kind"; then met=yes; fi
        kill "-$signal" "$(t_pid "$victim")" 2>/dev/null || : # or it has ended
        if [ "$aim" = itself ]; then kill -CONT "$(t_pid "$victim")" 2>/dev/null || :; fi
        reaped "$victim"
        case $status in
        137) killed=" $victim" ;;
        129 | 130 | 131 | 143)
            told=" $victim"
            if [ "$victim" = w ]; then nothing_left; fi
            ;;
        0) ;; # it was too late
        *) t_fail "$victim: status $status" ;;
        esac
        if [ "$aim" = its ]; then kill -CONT "$(t_pid "$kind")"; fi
        if [ "$kind" = r ] && [ "$met$status" != yes0 ]; then
            if [ -n "$met" ]; then
                reaped "$survivor"
                [ "$status" = 1 ] || t_fail "$survivor had met it: status $status"
            elif [ "$victim" = r ] || [ -n "$killed$told" ]; then
                look
                ! t_ended "$(t_pid "$survivor")" || t_fail "$survivor does not go on"
            fi
        fi
    fi
    settle
    account
    plain_run
}

# The same over what a dead run left: a set, or with a segment that is half written,
# or whole.
after_a_dead_run() {
    case $leftover in
    set) writer dead dead STEP_AT=shmget:1 ;;
    half) writer dead dead 'STEP_AT=half a memcpy:1' ;;
    whole) writer dead dead ;;
    esac
    t_within 2 stopped_or_waits dead || t_fail "nothing is left"
    kill -KILL "$(t_pid dead)"
    t_reap dead
    nobody
    $what "$1"
}

# Every signal, for each with a step of its own.
student_told() {
    case $(($1 % 4)) in
    0) signal=INT ;;
    1) signal=TERM ;;
    2) signal=HUP ;;
    3) signal=QUIT ;;
    esac
    student_partner "$1"
}

# A reader has taken the student of w, and stands, when w is told to end and v comes: v
# has a set and a segment of its own, and stands before any of its steps. The reader
# prints nothing of v, and v is read by the next one.
student_changes() {
    r_step=$((4 + $1 % 6)) v_step=$((1 + $1 / 6))
    writer w one
    t_tells w 'waiting for a reader'
    reader r "STEP_HOLD=$r_step"
    t_within 2 stopped "$(t_pid r)" || t_fail "r hangs before step $r_step"
    student_met r || t_fail "r has not met w"
    kill -TERM "$(t_pid w)"
    reaped w
    told=' w'
    writer v two "STEP_HOLD=$v_step"
    t_within 2 stopped_or_waits v || t_fail "v hangs before step $v_step"
    kill -CONT "$(t_pid r)"
    reaped r
    [ "$status" = 1 ] || t_fail "r: status $status"
    if grep two "$T/r.out"; then t_fail "r prints what it did not take"; fi
    kill -CONT "$(t_pid v)"
    look # v may come to its step only now
    awake=$(t_pid v)
    settle
    awake=
    grep -qx 0 "$T/v.status" || t_fail "v is not read"
    account
    nothing_left
    if [ "$v_step" -gt 14 ]; then last=yes; fi
}

# The same, but w is killed: while the reader has its student, no writer comes.
student_busy() {
    writer w one
    t_tells w 'waiting for a reader'
    reader r "STEP_HOLD=$((3 + $1))"
    t_within 2 stopped_or_ended "$(t_pid r)" || t_fail "r hangs before step $((3 + $1))"
    if ! stopped "$(t_pid r)"; then
        last=yes
    else
        kill -KILL "$(t_pid w)"
        reaped w
        killed=' w'
        writer v two
        reaped v
        t_says v.err 'in use by another writer'
        kill -CONT "$(t_pid r)"
        reaped r
        [ "$status" = 1 ] || t_fail "r: status $status"
    fi
    settle
    account
    plain_run
}

# So late that it attaches the segment of v: v made it, and is not refused for that.
late_reader() {
    nobody
    writer w one
    t_tells w 'waiting for a reader'
    reader r STEP_HOLD=4 STEP_AT=semctl:2
    t_within 2 stopped "$(t_pid r)" || t_fail "r does not come to shmget"
    [ "$(held_at r)" = shmget ]
    kill -TERM "$(t_pid w)"
    reaped w
    told=' w'
    writer v two STEP_AT=shmctl:1
    t_within 2 stopped "$(t_pid v)" || t_fail "v does not come to IPC_STAT"
    kill -CONT "$(t_pid r)"
    t_within 2 grep -q 'step 6, semctl' "$T/r.err" || t_fail "r does not attach it"
    kill -CONT "$(t_pid v)"
    t_tells v 'waiting for a reader'
    kill -CONT "$(t_pid r)"
    reaped r
    [ "$status" = 1 ] || t_fail "r: status $status"
    settle
    account
    nothing_left
}

# broken_student SED...: without a protection this test, $what of $kind, fails.
broken_student() {
    mkdir -p "$T/steps/sysv_shm"
    student_sources "$T/broken" "$@"
    for program in writer reader; do
        compile "$T/broken/$program.c" "$T/steps/sysv_shm/$program"
    done
    # shellcheck disable=SC2034 # T_PATIENCE: what hangs is to be found out soon
    build=$T/steps plain=$T/steps EVERY=1 T_PATIENCE=1
    (
        trap 't_stop_all $?' EXIT
        lanes "$what"
    ) >"$T/found" 2>&1 &
    wait $! && t_fail "it is not found out"
    echo "# $(sed -n 2p "$T/found")"
    lane=0
    while [ $((lane += 1)) -le "$LANES" ]; do
        KEY=$(t_key_of $((t_number * 8 + lane)))
        ipcrm -M "$KEY" 2>/dev/null || :
        ipcrm -S "$KEY" 2>/dev/null || :
    done
}

pair=sysv_shm plain=.
for kind in w r; do
    case $kind in
    w) name=writer ;;
    r) name=reader ;;
    esac
    for what in partner_comes another_comes killed_there partner_killed; do
        t_it "$pair: $name held before every step, $(echo $what | tr _ ' ')" \
            lanes "$what"
    done
done
kind=w
t_it "$pair: writer told to end before every step" lanes told_there
aim=itself
t_it "$pair: writer told to end before every step, with a reader" lanes student_told
kind=r aim=its
t_it "$pair: reader held before every step, writer told to end" lanes student_told
signal=KILL
t_it "$pair: reader held before every step, writer killed: met or not" \
    lanes student_partner
aim=itself
t_it "$pair: reader killed before every step: met or not" lanes student_partner
kind=w
t_it "$pair: reader held after it took, the writers change" lanes student_changes
t_it "$pair: reader held after it took, no writer comes over a dead one" \
    lanes student_busy
t_it "$pair: a late reader attaches the next writer's segment" late_reader
for leftover in set half whole; do
    for what in partner_comes another_comes killed_there told_there; do
        t_it "$pair: writer held over a dead run's $leftover, $(echo $what | tr _ ' ')" \
            lanes after_a_dead_run
    done
done
t_it "$pair: two writers, each before any step" any_two w v 18
t_it "$pair: two readers, each before any step" any_two r s 14
t_it "$pair: a writer and a reader, each before any step" any_two w r 30
# And what has to be found out.
aim=itself signal=KILL
while read -r kind what why change; do
    t_it "$pair: $(echo "$why" | tr _ ' ') is found out" broken_student -e "$change"
done <<'BROKEN'
r student_changes no_look_at_OWNER s/OWNER, GETVAL) != 1/OWNER, GETVAL) == 9/
r student_busy a_writer_that_does_not_ask_BUSY s/{BUSY, 0, IPC_NOWAIT}, {OWNER, 1/{UNREAD, 0, IPC_NOWAIT}, {OWNER, 1/
r student_partner no_look_at_UNREAD s/UNREAD, GETVAL) != 0/UNREAD, GETVAL) == 9/
r student_partner a_READY_that_a_dead_reader_gives_back s/{READY, -1, 0}/{READY, -1, SEM_UNDO}/
w told_there a_signal_before_step_4 s/sigfillset(&all)/sigemptyset(\&all)/
BROKEN

# Ended by $signal before every step, parent_child leaves no segment; but between
# shmget and IPC_RMID it does, as its head comment says.
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
    if [ "$kind" = parent ] &&
        grep -q '^# held before step [0-9]*, \(shmat\|shmctl\) ' "$T/p.err"; then
        [ -n "$(made_by "$parent")" ] || t_fail "there is no window?"
        ipcrm -m "$(made_by "$parent")"
    fi
    t_within 2 made_nothing "$parent" || t_fail "it left segment $(made_by "$parent")"
}
# The child before each of its steps, and its parent, killed, before it writes.
private_orphan() {
    t_start p env STEP_HOLD=6 "STEP_CHILD=$1" "$build/sysv_shm/parent_child"
    parent=$(t_pid p)
    t_within 2 stopped "$parent"
    t_says p.err 'step 6, memcpy (' # the parent's first after fork
    child=$(cat "/proc/$parent/task/$parent/children")
    child=${child% }
    t_soon stopped "$child" || last=yes # it waits for the text
    kill -KILL "$parent"
    t_reap p
    kill -CONT "$child" 2>/dev/null || : # it is dead already, or will see it
    t_within 2 t_ended "$child" || {
        kill -KILL "$child"
        t_fail "the child stays"
    }
    t_same p.out ""
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
            lanes private_family
    done
done
t_it "sysv_shm: parent_child, child held before every step, parent killed" \
    lanes private_orphan
t_it "sysv_shm: parent_child, shm_rmid_forced closes its window" window_closed
t_finish
