#!/bin/sh
# tests/sysv_shm.sh - chapter 3: shmget and all that belongs to it
. "$(dirname "$0")/lib.sh"

lesson='student name: hello, age: 20'

# Ids under $KEY, a line each.
left() {
    ipcs -m -s | awk -v k="$KEY" '$1 == k { print $1, $2 }'
}
gone() {
    [ -z "$(left)" ] || fail "left under $KEY: $(left)"
}
remove_by_hand() {
    ipcrm -M "$KEY" 2>/dev/null || :
    ipcrm -S "$KEY" 2>/dev/null || :
}

reader_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start r ./sysv_shm/reader -k "$KEY" -t 9
        tells r 'waiting for a writer'
        start w ./sysv_shm/writer -k "$KEY" -t 9
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

writer_first() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start w ./sysv_shm/writer -k "$KEY" -t 9
        tells w 'waiting for a reader'
        start r ./sysv_shm/reader -k "$KEY" -t 9
        ends r 0
        ends w 0
        same r.out "$lesson"
        gone
    done
}

both_at_once() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        start r ./sysv_shm/reader -k "$KEY" -t 9
        start w ./sysv_shm/writer -k "$KEY" -t 9
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

# The lesson as a learner starts it. Its key comes from this checkout, so only
# another run in this checkout could be in the way; flock(1) keeps it out.
no_arguments() {
    exec 7<sysv_shm
    flock -w 30 7 || skip "another run has this checkout"
    start w ./sysv_shm/writer
    tells w 'waiting for a reader'
    key=$(sed -n 's/.*key \(0x[0-9a-f]*\): waiting.*/\1/p' "$T/w.err")
    case $key in
    0x53??????) ;; # 'S', as ftok(3) has it
    *) fail "no key of ftok: $key" ;;
    esac
    KEY=$key
    [ "$(ipcs -m | awk -v k="$KEY" '$1 == k { print $4, $5 }')" = '600 36' ]
    [ "$(ipcs -s | awk -v k="$KEY" '$1 == k { print $4, $5 }')" = '600 4' ]
    start r ./sysv_shm/reader
    ends r 0
    ends w 0
    same r.out "$lesson"
    gone
    cd /
    refused 1 'ftok sysv_shm (start me at the top' "$top/sysv_shm/writer"
    refused 1 'ftok sysv_shm (start me at the top' "$top/sysv_shm/reader"
}

any_student() {
    decimal=$(printf %d "$KEY")
    start w ./sysv_shm/writer -k "$decimal" '你是我儿子吗？ %s' 0
    run ./sysv_shm/reader -k "$KEY"
    ends w 0
    same out 'student name: 你是我儿子吗？ %s, age: 0'
    most=$(printf %031d 0)
    start w ./sysv_shm/writer -k "$KEY" "$most" 150
    run ./sysv_shm/reader -k "$decimal"
    ends w 0
    same out "student name: $most, age: 150"
    gone
}

# struct student { char name[32]; int age; } comes first, for anyone who reads.
layout() {
    start w ./sysv_shm/writer -k "$KEY" somebody 42
    tells w 'waiting for a reader'
    command -v perl >/dev/null || skip "no perl to read it with"
    perl -e 'my $id = shmget(oct($ARGV[0]), 0, 0) // die; my $b;
        shmread($id, $b, 0, 36) or die;
        printf "%s %d\n", unpack("Z32 i", $b)' "$KEY" >"$T/out"
    same out 'somebody 42'
    kill "$(pid w)"
    ends w 0
    gone
}

second_writer() {
    start w ./sysv_shm/writer -k "$KEY" first 1
    tells w 'waiting for a reader'
    refused 1 'another writer has key' ./sysv_shm/writer -k "$KEY" second 2
    run ./sysv_shm/reader -k "$KEY"
    ends w 0
    same out 'student name: first, age: 1'
}

# The reader tells its story after it has taken the student and before it
# reads: held there, it is the one reader.
second_reader() {
    hold
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    start_held r ./sysv_shm/reader -k "$KEY"
    stands r
    refused 1 'another reader has the student' ./sysv_shm/reader -k "$KEY"
    release r.err
    ends r 0
    ends w 0
    same r.out "$lesson"
}

reader_killed_after_it_took() {
    hold
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    start_held r ./sysv_shm/reader -k "$KEY"
    stands r
    kill -KILL "$(pid r)"
    ends w 1
    says w.err 'the reader is gone'
    gone
}

reader_waits_where_another_died() {
    hold
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    start_held r ./sysv_shm/reader -k "$KEY"
    stands r
    kill -STOP "$(pid w)" # it must not notice yet
    kill -KILL "$(pid r)"
    reap r
    start s ./sysv_shm/reader -k "$KEY"
    tells s 'waiting for a writer'
    kill -CONT "$(pid w)"
    ends w 1
    start w ./sysv_shm/writer -k "$KEY" next 3
    ends w 0
    ends s 0
    same s.out 'student name: next, age: 3'
    gone
}

writer_killed_while_it_waits() {
    start w ./sysv_shm/writer -k "$KEY" old 1
    tells w 'waiting for a reader'
    kill -KILL "$(pid w)"
    reap w
    [ "$(left | wc -l)" = 2 ] # what the next run finds
    start r ./sysv_shm/reader -k "$KEY"
    tells r 'waiting for a writer'
    start w ./sysv_shm/writer -k "$KEY" new 2
    ends w 0
    ends r 0
    says w.err 'removing key .* of a dead run'
    same r.out 'student name: new, age: 2'
    gone
}

# A writer dies when the reader has taken the student: the reader has it, but
# the next writer may clear both objects away before it has looked.
writer_killed_after_the_reader_came() {
    for next in no yes; do
        hold
        start w ./sysv_shm/writer -k "$KEY" old 1
        tells w 'waiting for a reader'
        start_held r ./sysv_shm/reader -k "$KEY"
        stands r
        kill -KILL "$(pid w)"
        reap w
        if [ "$next" = yes ]; then
            start v ./sysv_shm/writer -k "$KEY" new 2
            tells v 'waiting for a reader'
        fi
        release r.err
        if [ "$next" = no ]; then
            ends r 0
            same r.out 'student name: old, age: 1'
            start v ./sysv_shm/writer -k "$KEY" new 2
        else
            ends r 1
            tells r 'the writer is gone'
            same r.out ""
        fi
        run ./sysv_shm/reader -k "$KEY"
        ends v 0
        same out 'student name: new, age: 2'
        gone
    done
}

# What there is between the writer's steps: a set without an owner, a set and
# no segment, a segment and no set. The next run clears all of it away.
half_made() {
    for what in set segment both; do
        n=0
        start w ./sysv_shm/writer -k "$KEY" old 1
        tells w 'waiting for a reader'
        kill -KILL "$(pid w)"
        reap w
        [ "$what" != set ] || ipcrm -M "$KEY"
        [ "$what" != segment ] || ipcrm -S "$KEY"
        refused 1 'no writer came' ./sysv_shm/reader -k "$KEY" -t 0.1
        start w ./sysv_shm/writer -k "$KEY" new 2
        run ./sysv_shm/reader -k "$KEY"
        ends w 0
        same out 'student name: new, age: 2'
        gone
    done
}

kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        start w ./sysv_shm/writer -k "$KEY"
        if [ "$(random 2)" = 0 ]; then pause 5; fi
        start r ./sysv_shm/reader -k "$KEY"
        if [ "$(random 4)" != 0 ]; then pause 8; fi
        if [ "$(random 2)" = 0 ]; then
            victim=w partner=r
        else
            victim=r partner=w
        fi
        kill -KILL "$(pid "$victim")" 2>/dev/null || :
        within 2 ended "$(pid "$victim")"
        reap "$victim"
        # Does the partner end, as one does that had met the victim? If not it
        # still waits, and the next that comes is served.
        if ! within 1 ended "$(pid "$partner")"; then
            tells "$partner" 'waiting for a'
            if [ "$victim" = w ]; then
                start w ./sysv_shm/writer -k "$KEY"
                ends w 0
            else
                start r ./sysv_shm/reader -k "$KEY"
                ends r 0
            fi
            ends "$partner" 0
            same r.out "$lesson"
        else
            reap "$partner"
            case $status in
            0) same r.out "$lesson" ;;
            1) says "$partner.err" ' is gone' ;;
            *) fail "$partner: status $status" ;;
            esac
        fi
        [ ! -s "$T/r.out" ] || same r.out "$lesson"
        start w ./sysv_shm/writer -k "$KEY"
        start r ./sysv_shm/reader -k "$KEY"
        ends w 0
        ends r 0
        same r.out "$lesson"
        gone
    done
}

ends_by_signal() {
    for signal in INT TERM; do
        start w ./sysv_shm/writer -k "$KEY"
        tells w 'waiting for a reader'
        kill "-$signal" "$(pid w)"
        ends w 0
        gone
        start r ./sysv_shm/reader -k "$KEY"
        tells r 'waiting for a writer'
        kill "-$signal" "$(pid r)"
        ends r 0
    done
    hold
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    start_held r ./sysv_shm/reader -k "$KEY"
    stands r
    kill "$(pid w)"
    ends w 1
    says w.err 'interrupted, with a reader at work'
    release r.err
    ends r 1
    gone
}

timeouts() {
    refused 1 'no reader in time' ./sysv_shm/writer -k "$KEY" -t 0.1
    gone
    refused 1 'no writer came' ./sysv_shm/reader -k "$KEY" -t 0
    hold
    start w ./sysv_shm/writer -k "$KEY" -t 1
    tells w 'waiting for a reader'
    start_held r ./sysv_shm/reader -k "$KEY"
    stands r
    ends w 1
    release r.err
    ends r 1
    same r.out ""
    gone
}

refusals() {
    refused 2 'NAME has 32 bytes, and 31 are the most' \
        ./sysv_shm/writer -k "$KEY" "$(printf %032d 0)" 1
    for age in -1 151 x 1x 0x10 1.5 '' 99999999999999999999; do
        refused 2 'AGE is a whole number\|usage' \
            ./sysv_shm/writer -k "$KEY" name "$age"
    done
    refused 2 'NAME and AGE, or neither' ./sysv_shm/writer -k "$KEY" name
    refused 2 'NAME and AGE, or neither' ./sysv_shm/writer -k "$KEY" a 1 b
    refused 2 'usage: ' ./sysv_shm/reader -k "$KEY" x
    for p in ./sysv_shm/writer ./sysv_shm/reader; do
        for key in 0 -1 0x 0x0 x 1x 4294967296 ''; do
            refused 2 'KEY is a number' "$p" -t 0 -k "$key"
        done
        for t in -1 nan inf 0x 1s ''; do
            refused 2 'SECONDS is a number' "$p" -k "$KEY" -t "$t"
        done
        refused 2 'usage: ' "$p" -x
        run "$p" -h
        [ "$status" = 0 ]
        says out '^usage: '
        for to in '>/dev/full' '>&-'; do
            status=0
            eval '"$p" -h' "$to" 2>"$T/err" || status=$?
            [ "$status" = 1 ]
            says err "write to stdout"
        done
    done
    gone
}

stdout_that_fails() {
    for to in '>/dev/full' '>&-'; do
        start w ./sysv_shm/writer -k "$KEY"
        status=0
        eval './sysv_shm/reader -k "$KEY"' "$to" 2>"$T/r.err" || status=$?
        [ "$status" = 1 ]
        says r.err 'write to stdout'
        ends w 1
        says w.err 'the reader is gone'
        gone
    done
}

# A key that another program of ours has: its objects are not touched.
key_in_use() {
    ipcmk_at_key "$KEY" -M 100
    refused 1 'segment of key .* (see ipcs -m and ipcs -l): Invalid' ./sysv_shm/writer -k "$KEY"
    [ "$(left | wc -l)" = 1 ]
    remove_by_hand
    for n in 3 5; do
        ipcmk_at_key "$KEY" -S "$n"
        refused 1 'semaphores of key .* (see ipcs -s.*): Invalid' ./sysv_shm/writer -k "$KEY"
        refused 1 'semaphores of key .* (see ipcs -s.*): Invalid' ./sysv_shm/reader -k "$KEY" -t 0.2
        [ "$(left | wc -l)" = 1 ]
        remove_by_hand
    done
}

# ipcmk(1) chooses the key itself; perl and its shmget are everywhere.
ipcmk_at_key() {
    command -v perl >/dev/null || skip "no perl to make one with"
    perl -e 'my ($key, $what, $n) = @ARGV; $key = oct $key;
        defined($what eq "-M" ? shmget($key, $n, 01600)
                              : semget($key, $n, 01600)) or die "$!"' "$@"
}

of_another_user() {
    [ "$(id -u)" = 0 ] || skip "only root can act as another user"
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    chmod 755 "$T" "$T/.."
    cp sysv_shm/writer sysv_shm/reader "$T"
    for p in writer reader; do
        # shellcheck disable=SC2086 # words
        refused 1 'Permission denied' $not_root "$T/$p" -k "$KEY" -t 0.2
    done
    run ./sysv_shm/reader -k "$KEY"
    ends w 0
    same out "$lesson"
    # Root may open what is another's, and must refuse it all the same.
    # shellcheck disable=SC2086 # words
    start w $not_root "$T/writer" -k "$KEY"
    tells w 'waiting for a reader'
    for p in writer reader; do
        refused 1 'Permission denied' "./sysv_shm/$p" -k "$KEY" -t 0.2
    done
    kill "$(pid w)"
    ends w 0
    gone
}

removed_by_hand() {
    start w ./sysv_shm/writer -k "$KEY"
    tells w 'waiting for a reader'
    remove_by_hand
    ends w 1
    says w.err 'the semaphores are gone'
    gone
}

# --- parent_child -----------------------------------------------------------

question='你是我儿子吗？'

# Segments that this process made: id, key, bytes, attachments, status.
made_by() {
    ipcs -m -p | awk -v p="$1" '$3 == p { print $1 }' | while read -r id; do
        ipcs -m | awk -v id="$id" '$2 == id { print $2, $1, $5, $6, $7 }'
    done
}
made_nothing() {
    within 2 has_made_nothing "$1" || fail "left: $(made_by "$1")"
}
has_made_nothing() {
    [ -z "$(made_by "$1")" ]
}
child_of() {
    tr -d ' ' 2>/dev/null <"/proc/$1/task/$1/children" || :
}

parent_child_prints_as_the_text() {
    n=0
    while [ $((n += 1)) -le $((RUNS * 10)) ]; do
        start p ./sysv_shm/parent_child
        parent=$(pid p)
        ends p 0
        same p.out "$question"
        made_nothing "$parent"
    done
}

parent_child_text() {
    long=$(printf %0100000d 0)
    for text in '' a '%s %d' 'two
lines' "$long"; do
        run ./sysv_shm/parent_child -m "$text"
        [ "$status" = 0 ]
        printf '%s\n' "$text" | cmp - "$T/out"
    done
    for wrong in -x x -m; do
        refused 2 'usage: parent_child' ./sysv_shm/parent_child "$wrong"
    done
    run ./sysv_shm/parent_child -h
    [ "$status" = 0 ]
    says out '^usage: parent_child'
    same err ""
}

parent_child_reports_its_child() {
    for to in '>/dev/full' '>&-'; do
        status=0
        eval ./sysv_shm/parent_child "$to" 2>"$T/err" || status=$?
        [ "$status" = 1 ]
        says err 'child: write to stdout: ' 'child [0-9]* failed'
        status=0
        eval ./sysv_shm/parent_child -h "$to" 2>"$T/err" || status=$?
        [ "$status" = 1 ]
        says err 'write to stdout: '
    done
    # Inherited, it would take the parent the child's status. (What dash does
    # with trap '' CHLD is not inherited.)
    if env --ignore-signal=CHLD true 2>/dev/null; then
        start p env --ignore-signal=CHLD ./sysv_shm/parent_child
        ends p 0
        same p.out "$question"
    fi
}

parent_child_is_refused_a_segment() {
    [ "$(id -u)" = 0 ] || skip "only root can have an IPC namespace of its own"
    for limit in '0 shmmni No space left' '0 shmall No space left' '9 shmmax Invalid'; do
        why=${limit#* }
        # shellcheck disable=SC2016 # for the shell in there
        run unshare --ipc sh -c 'echo "$1" >"/proc/sys/kernel/$2" &&
            exec ./sysv_shm/parent_child' sh "${limit%% *}" "${why%% *}"
        grep -q '^unshare: \|/proc/sys' "$T/err" && skip "$(cat "$T/err")"
        [ "$status" = 1 ]
        same out ""
        says err "^parent_child: segment of [0-9]* bytes: ${why#* }"
    done
}

# Held in its story the parent has forked and not yet written. The segment has
# no key, both have it, and it is marked: there is nothing to leak.
parent_child_is_marked() {
    hold
    start_held p ./sysv_shm/parent_child -m text
    stands p
    made_by "$(pid p)" >"$T/made"
    says made '^[0-9]* 0x00000000 [0-9]* 2 dest$'
    sleep 0.2 # time enough for a child that does not wait
    same p.out ""
    release p.err
    parent=$(pid p)
    ends p 0
    same p.out text
    made_nothing "$parent"
}

parent_child_child_killed() {
    hold
    start_held p ./sysv_shm/parent_child
    stands p
    parent=$(pid p)
    kill -KILL "$(child_of "$parent")"
    release p.err
    ends p 1
    tells p 'child [0-9]* was killed: Killed'
    same p.out ""
    made_nothing "$parent"
}

parent_child_parent_killed() {
    hold
    start_held p ./sysv_shm/parent_child
    stands p
    parent=$(pid p)
    child=$(child_of "$parent")
    kill -KILL "$parent"
    release p.err
    within 2 ended "$child" || fail "the child stays behind"
    tells p 'child: the parent died before it had written'
    same p.out ""
    made_nothing "$parent"
}

# Both at once, which no third process could clean up after.
parent_child_both_killed() {
    hold
    start_held p ./sysv_shm/parent_child
    stands p
    parent=$(pid p)
    kill -KILL "$parent" "$(child_of "$parent")"
    within 2 ended "$parent"
    made_nothing "$parent"
}

# Between shmget and IPC_RMID a kill leaves a segment: see the head comment. It
# is found before the story is told, and at no other instant.
parent_child_kills() {
    n=0 windows=0
    while [ $((n += 1)) -le $((KILLS * 5)) ]; do
        turns=$(random 3000) who=$(random 2) child=
        start p ./sysv_shm/parent_child
        parent=$!
        # It lives for a millisecond: less than it takes to start sleep(1).
        while [ $((turns -= 1)) -gt 0 ]; do :; done
        read -r child 2>/dev/null <"/proc/$parent/task/$parent/children" || :
        victim=$parent
        if [ "$who" = 0 ]; then victim=${child:-$parent}; fi
        # shellcheck disable=SC2086 # a number and a blank
        kill -KILL $victim 2>/dev/null || :
        within 2 ended "$parent" || fail "the parent does not end"
        reap p
        case $status in
        0) same p.out "$question" ;;                   # it was too late
        1) says p.err 'was killed: Killed' ;;          # the child
        137) [ ! -s "$T/p.out" ] || same p.out "$question" ;; # the parent
        *) fail "status $status" ;;
        esac
        if [ -n "$child" ]; then
            within 2 ended "${child% }" || fail "the child stays behind"
        fi
        if [ ! -s "$T/p.err" ] && left=$(made_by "$parent") && [ -n "$left" ]; then
            windows=$((windows + 1))
            ipcrm -m "${left%% *}"
        fi
        made_nothing "$parent"
    done
    [ "$windows" = 0 ] || echo "# $windows of $((n - 1)) in the window that is known"
}

it "the reader first" reader_first
it "the writer first" writer_first
it "both at once" both_at_once
it "no arguments: the lesson, its key from ftok" no_arguments
it "any student, -k in decimal and hexadecimal" any_student
it "struct student comes first in the segment" layout
it "a second writer is refused" second_writer
it "a second reader is refused" second_reader
it "a reader killed after it took it: the writer ends" \
    reader_killed_after_it_took
it "a reader does not take a dead one's place" reader_waits_where_another_died
it "a writer killed while it waits: the next works" writer_killed_while_it_waits
it "a writer killed after the reader came" writer_killed_after_the_reader_came
it "what a dead writer left half made is cleared away" half_made
it "kill -9 at any instant" kills
it "Ctrl-C and SIGTERM clean up and end" ends_by_signal
it "-t ends every wait" timeouts
it "wrong options and values are refused" refusals
it "a stdout that fails is a student not taken" stdout_that_fails
it "a key that another program has is left alone" key_in_use
it "another user's objects are refused" of_another_user
it "objects removed by hand: the writer says so" removed_by_hand
it "parent_child: prints what the text prints" parent_child_prints_as_the_text
it "parent_child: any TEXT, and nothing else" parent_child_text
it "parent_child: reports a child that failed" parent_child_reports_its_child
it "parent_child: says what it is refused" parent_child_is_refused_a_segment
it "parent_child: marked at once, no child reads early" parent_child_is_marked
it "parent_child: a killed child is reported" parent_child_child_killed
it "parent_child: a killed parent leaves no child" parent_child_parent_killed
it "parent_child: both killed leave nothing" parent_child_both_killed
it "parent_child: kill -9 at any instant" parent_child_kills
finish
