#!/bin/sh
# tests/lessons/sysv_shm.sh - chapter 3: shmget and all that belongs to it
# shellcheck disable=SC2086 # words
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/ask.sh"

lesson='student name: hello, age: 20'

# Ids under $KEY, a line each.
left() {
    ipcs -m -s | awk -v k="$KEY" '$1 == k { print $1, $2 }'
}
gone() {
    [ -z "$(left)" ] || t_fail "left under $KEY: $(left)"
}
remove_by_hand() {
    ipcrm -M "$KEY" 2>/dev/null || :
    ipcrm -S "$KEY" 2>/dev/null || :
}

# w [NAME AGE], r and v: the writer, the reader, another writer.
w() {
    t_start w ./sysv_shm/writer -k "$KEY" "$@"
}
v() {
    t_start v ./sysv_shm/writer -k "$KEY" "$@"
}
r() {
    t_start r ./sysv_shm/reader -k "$KEY"
}
waits() {
    t_tells "$1" 'waiting for'
}
done_well() {
    t_ends w 0
    t_ends r 0
    t_same r.out "${1:-$lesson}"
    gone
}
# meet [NAME AGE]: w and r have met, and r stands in write(2) with the student,
# until `t_release r.out`.
meet() {
    t_hold
    w "$@" && waits w
    t_start_held_out r ./sysv_shm/reader -k "$KEY"
    t_stands r
}

in_order() {
    n=0
    while [ $((n += 1)) -le "$RUNS" ]; do
        case $1 in
        reader) r && waits r && w ;;
        writer) w && waits w && r ;;
        both) r && w ;;
        esac
        done_well
    done
}

# The lesson as a learner starts it. Its key comes from this checkout, so only
# another run in this checkout could be in the way; flock(1) keeps it out.
no_arguments() {
    exec 7<sysv_shm
    flock -w 30 7 || t_skip "another run has this checkout"
    t_start w ./sysv_shm/writer
    t_tells w 'waiting for a reader'
    key=$(sed -n 's/.*key \(0x[0-9a-f]*\), segment.*/\1/p' "$T/w.err")
    case $key in
    0x53??????) ;; # 'S', as ftok(3) has it
    *) t_fail "no key of ftok: $key" ;;
    esac
    KEY=$key
    [ "$(ipcs -m | awk -v k="$KEY" '$1 == k { print $4, $5 }')" = '600 36' ]
    [ "$(ipcs -s | awk -v k="$KEY" '$1 == k { print $4, $5 }')" = '600 4' ]
    t_start r ./sysv_shm/reader
    t_ends r 0
    t_ends w 0
    t_same r.out "$lesson"
    gone
    cd /
    t_refused 1 'ftok sysv_shm (start me in the top' "$top/sysv_shm/writer"
    t_refused 1 'ftok sysv_shm (start me in the top' "$top/sysv_shm/reader"
}

any_student() {
    decimal=$(printf %d "$KEY")
    t_start w ./sysv_shm/writer -k "$decimal" '你是我儿子吗？ %s' 0
    t_run ./sysv_shm/reader -k "$KEY"
    t_ends w 0
    t_same out 'student name: 你是我儿子吗？ %s, age: 0'
    most=$(printf %031d 0)
    t_start w ./sysv_shm/writer -k "$KEY" "$most" 999
    t_run ./sysv_shm/reader -k "$decimal"
    t_ends w 0
    t_same out "student name: $most, age: 999"
    gone
}

# struct student { char name[32]; int age; } comes first, for anyone who reads.
layout() {
    command -v perl >/dev/null || t_skip "no perl to read it with"
    t_start w ./sysv_shm/writer -k "$KEY" somebody 42
    t_tells w 'waiting for a reader'
    perl -e 'my $id = shmget(oct($ARGV[0]), 0, 0) // die; my $b;
        shmread($id, $b, 0, 36) or die;
        printf "%s %d\n", unpack("Z32 i", $b)' "$KEY" >"$T/out"
    t_same out 'somebody 42'
    kill "$(t_pid w)"
    t_ends w 143
    gone
}

second_writer() {
    t_start w ./sysv_shm/writer -k "$KEY" first 1
    t_tells w 'waiting for a reader'
    t_refused 1 'in use by another writer' ./sysv_shm/writer -k "$KEY" second 2
    t_run ./sysv_shm/reader -k "$KEY"
    t_ends w 0
    t_same out 'student name: first, age: 1'
}

# A second reader waits for the next student.
second_reader() {
    meet
    t_start s ./sysv_shm/reader -k "$KEY"
    waits s
    t_release r.out
    done_well
    v next 3
    t_ends v 0
    t_ends s 0
    t_same s.out 'student name: next, age: 3'
    gone
}

reader_killed() {
    meet
    kill -KILL "$(t_pid r)"
    t_ends w 1
    t_says w.err 'the reader has died before it had read'
    gone
}

writer_killed_while_it_waits() {
    w old 1 && waits w
    kill -KILL "$(t_pid w)"
    t_ends w 137
    [ "$(left | wc -l)" = 2 ] # what the next run finds
    r && waits r
    w new 2
    done_well 'student name: new, age: 2'
}

# While the reader of a dead writer is at work, no other writer starts.
writer_killed() {
    meet old 1
    kill -KILL "$(t_pid w)"
    t_ends w 137
    t_refused 1 'in use by another writer' ./sysv_shm/writer -k "$KEY" new 2
    t_release r.out
    t_ends r 1
    t_says r.err 'the writer of key .* has died'
    t_same r.out 'student name: old, age: 1'
    w new 2 && r
    done_well 'student name: new, age: 2'
}

# What there is between the writer's steps: a set without an owner, a set and
# no segment, a segment and no set.
half_made() {
    for what in set segment both; do
        w old 1 && waits w
        kill -KILL "$(t_pid w)"
        t_ends w 137
        [ "$what" != set ] || ipcrm -M "$KEY"
        [ "$what" != segment ] || ipcrm -S "$KEY"
        r && waits r
        w new 2
        done_well 'student name: new, age: 2'
    done
}

kills() {
    n=0
    while [ $((n += 1)) -le "$KILLS" ]; do
        t_start w ./sysv_shm/writer -k "$KEY"
        if [ "$(t_random 2)" = 0 ]; then t_pause 5; fi
        t_start r ./sysv_shm/reader -k "$KEY"
        if [ "$(t_random 4)" != 0 ]; then t_pause 8; fi
        if [ "$(t_random 2)" = 0 ]; then
            victim=w partner=r
        else
            victim=r partner=w
        fi
        kill -KILL "$(t_pid "$victim")" 2>/dev/null || :
        t_within 2 t_ended "$(t_pid "$victim")"
        t_reap "$victim"
        # Does the partner end, as one does that had met the victim? If not it
        # still waits, and the next that comes is served.
        if ! t_soon t_ended "$(t_pid "$partner")"; then
            waits "$partner"
            if [ "$victim" = w ]; then
                t_start w ./sysv_shm/writer -k "$KEY"
                t_ends w 0
            else
                t_start r ./sysv_shm/reader -k "$KEY"
                t_ends r 0
            fi
            t_ends "$partner" 0
            t_same r.out "$lesson"
        else
            t_reap "$partner"
            case $status in
            0) t_same r.out "$lesson" ;;
            1) t_says "$partner.err" ' has died' ;;
            *) t_fail "$partner: status $status" ;;
            esac
        fi
        [ ! -s "$T/r.out" ] || t_same r.out "$lesson"
        t_start w ./sysv_shm/writer -k "$KEY"
        t_start r ./sysv_shm/reader -k "$KEY"
        t_ends w 0
        t_ends r 0
        t_same r.out "$lesson"
        gone
    done
}

status_of() {
    case $1 in HUP) echo 129 ;; INT) echo 130 ;; QUIT) echo 131 ;; TERM) echo 143 ;; esac
}
signals() {
    for signal in HUP INT QUIT TERM; do
        t_start w env --default-signal ./sysv_shm/writer -k "$KEY"
        waits w
        kill "-$signal" "$(t_pid w)"
        t_ends w "$(status_of $signal)"
        gone
        t_start r env --default-signal ./sysv_shm/reader -k "$KEY"
        waits r
        kill "-$signal" "$(t_pid r)"
        t_ends r "$(status_of $signal)"
        t_start w env --ignore-signal="$signal" ./sysv_shm/writer -k "$KEY"
        waits w
        kill "-$signal" "$(t_pid w)"
        r
        done_well
    done
    meet
    kill "$(t_pid w)"
    t_ends w 143
    t_release r.out
    t_ends r 1
    gone
}
stopped() {
    meet
    kill -STOP "$(t_pid r)"
    t_release r.out
    sleep 1.5
    ! t_ended "$(t_pid w)" || t_fail "it takes a stopped reader for a dead one"
    kill -CONT "$(t_pid r)"
    done_well
}

refusals() {
    for age in -1 1000 x 1x 0x10 1.5 '' 99999999999999999999; do
        t_refused 2 'usage: writer' ./sysv_shm/writer -k "$KEY" name "$age"
    done
    t_refused 2 'usage: writer' ./sysv_shm/writer -k "$KEY" "$(printf %032d 0)" 1
    t_refused 2 'usage: writer' ./sysv_shm/writer -k "$KEY" name
    t_refused 2 'usage: writer' ./sysv_shm/writer -k "$KEY" a 1 b
    t_refused 2 'usage: reader' ./sysv_shm/reader -k "$KEY" x
    for p in ./sysv_shm/writer ./sysv_shm/reader; do
        for key in 0 -1 0x 0x0 x 1x 4294967295 ''; do
            t_refused 2 'KEY is a number' "$p" -k "$key"
        done
        for option in -x -h -k; do t_refused 2 'usage: ' "$p" $option; done
    done
    gone
}

stdout_that_fails() {
    w
    status=0
    ./sysv_shm/reader -k "$KEY" >/dev/full 2>"$T/r.err" || status=$?
    [ "$status" = 1 ]
    t_says r.err 'write to stdout'
    t_ends w 1
    t_says w.err 'the reader has died'
    gone
}

# A key that another program of ours has: its objects are not touched.
key_in_use() {
    ipcmk_at_key "$KEY" -M 100
    t_refused 1 'segment .*key .* is not ours\|segment of key' ./sysv_shm/writer -k "$KEY"
    [ "$(left | wc -l)" = 1 ]
    remove_by_hand
    for n in 3 5; do
        ipcmk_at_key "$KEY" -S "$n"
        t_refused 1 'set .*key .*ipcs -s' ./sysv_shm/writer -k "$KEY"
        t_refused 1 'set .*key .*ipcs -s' ./sysv_shm/reader -k "$KEY"
        [ "$(left | wc -l)" = 1 ]
        remove_by_hand
    done
}

# ipcmk(1) chooses the key itself; perl and its shmget are everywhere.
ipcmk_at_key() {
    command -v perl >/dev/null || t_skip "no perl to make one with"
    perl -e 'my ($key, $what, $n) = @ARGV; $key = oct $key;
        defined($what eq "-M" ? shmget($key, $n, 01600)
                              : semget($key, $n, 01600)) or die "$!"' "$@"
}

of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can act as another user"
    t_start w ./sysv_shm/writer -k "$KEY"
    t_tells w 'waiting for a reader'
    t_for_everyone sysv_shm/writer sysv_shm/reader
    for p in writer reader; do
        # shellcheck disable=SC2086 # words
        t_refused 1 'Permission denied' $t_not_root "$T/$p" -k "$KEY"
    done
    t_run ./sysv_shm/reader -k "$KEY"
    t_ends w 0
    t_same out "$lesson"
    # Root may open what is another's, and must refuse it all the same.
    # shellcheck disable=SC2086 # words
    t_start w $t_not_root "$T/writer" -k "$KEY"
    t_tells w 'waiting for a reader'
    for p in writer reader; do
        t_refused 1 'is not of this pair\|Permission denied' "./sysv_shm/$p" -k "$KEY"
    done
    kill "$(t_pid w)"
    t_ends w 143
    gone
}

removed_by_hand() {
    t_start w ./sysv_shm/writer -k "$KEY"
    t_tells w 'waiting for a reader'
    remove_by_hand
    t_ends w 1
    t_says w.err 'was it removed'
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
    t_within 2 has_made_nothing "$1" || t_fail "left: $(made_by "$1")"
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
        t_start p ./sysv_shm/parent_child
        parent=$(t_pid p)
        t_ends p 0
        t_same p.out "$question"
        made_nothing "$parent"
    done
}

parent_child_text() {
    long=$(printf %0100000d 0)
    for text in '' a '%s %d' 'two
lines' "$long"; do
        t_run ./sysv_shm/parent_child -m "$text"
        [ "$status" = 0 ]
        printf '%s\n' "$text" | cmp - "$T/out"
    done
    for wrong in -x x -m; do
        t_refused 2 'usage: parent_child' ./sysv_shm/parent_child "$wrong"
    done
}

parent_child_reports_its_child() {
    status=0
    ./sysv_shm/parent_child >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'child: cannot print the text: '
    # Inherited, it would take the parent the child's status. (What dash does
    # with trap '' CHLD is not inherited.)
    if env --ignore-signal=CHLD true 2>/dev/null; then
        t_start p env --ignore-signal=CHLD ./sysv_shm/parent_child
        t_ends p 0
        t_same p.out "$question"
    fi
}

parent_child_is_refused_a_segment() {
    [ "$(id -u)" = 0 ] || t_skip "only root can have an IPC namespace of its own"
    for limit in '0 shmmni No space left' '0 shmall No space left' '9 shmmax Invalid'; do
        why=${limit#* }
        # shellcheck disable=SC2016 # for the shell in there
        t_run unshare --ipc sh -c 'echo "$1" >"/proc/sys/kernel/$2" &&
            exec ./sysv_shm/parent_child' sh "${limit%% *}" "${why%% *}"
        grep -q '^unshare: \|/proc/sys' "$T/err" && t_skip "$(cat "$T/err")"
        [ "$status" = 1 ]
        t_same out ""
        t_says err "^parent_child: shmget, [0-9]* bytes: ${why#* }"
    done
}

# held: the child stands in write(2), both have the segment, and $child is known.
held() {
    t_hold
    t_start_held_out p ./sysv_shm/parent_child -m text
    parent=$(t_pid p)
    t_within 2 child_in_write || t_skip "/proc/PID/wchan does not tell"
}
child_in_write() {
    child=$(child_of "$parent")
    [ -n "$child" ] && t_in_write "$child"
}
# The segment has no key, both have it, and it is marked: there is nothing to leak.
parent_child_is_marked() {
    held
    made_by "$parent" >"$T/made"
    t_says made '^[0-9]* 0x00000000 [0-9]* 2 dest$'
    t_release p.out
    t_ends p 0
    made_nothing "$parent"
}
parent_child_child_killed() {
    held
    kill -KILL "$child"
    t_ends p 1
    t_says p.err "the child $child died: Killed"
    made_nothing "$parent"
}
parent_child_parent_killed() {
    held
    kill -KILL "$parent"
    t_within 2 t_ended "$child" || t_fail "the child stays behind"
    made_nothing "$parent"
}
# Both at once, which no third process could clean up after.
parent_child_both_killed() {
    held
    # (The child may have died with its parent before its turn comes.)
    kill -KILL "$parent" "$child" 2>/dev/null || :
    t_within 2 t_ended "$parent"
    t_within 2 t_ended "$child" # till then the segment is attached
    made_nothing "$parent"
}

# Between shmget and IPC_RMID a kill leaves a segment: see the head comment. It
# is found before the story is told, and at no other instant.
parent_child_kills() {
    # LeakSanitizer looks on from a child of its own: that one is no victim.
    export ASAN_OPTIONS=detect_leaks=0
    n=0 windows=0
    while [ $((n += 1)) -le $((KILLS * 5)) ]; do
        turns=$(t_random 3000) who=$(t_random 2) child=
        t_start p ./sysv_shm/parent_child
        parent=$!
        # It lives for a millisecond: less than it takes to start sleep(1).
        while [ $((turns -= 1)) -gt 0 ]; do :; done
        read -r child 2>/dev/null <"/proc/$parent/task/$parent/children" || :
        victim=$parent
        if [ "$who" = 0 ]; then victim=${child:-$parent}; fi
        # shellcheck disable=SC2086 # a number and a blank
        kill -KILL $victim 2>/dev/null || :
        t_within 2 t_ended "$parent" || t_fail "the parent does not end"
        t_reap p
        case $status in
        0) t_same p.out "$question" ;;                   # it was too late
        1) t_says p.err 'died: Killed' ;;                # the child
        137) [ ! -s "$T/p.out" ] || t_same p.out "$question" ;; # the parent
        *) t_fail "status $status" ;;
        esac
        if [ -n "$child" ]; then
            t_within 2 t_ended "${child% }" || t_fail "the child stays behind"
        fi
        if left=$(made_by "$parent") && [ -n "$left" ]; then
            windows=$((windows + 1))
            ipcrm -m "${left%% *}"
        fi
        made_nothing "$parent"
    done
    [ "$windows" = 0 ] || echo "# $windows of $((n - 1)) in the window that is known"
}

# A script is what CI makes of a program to run it in an emulator.
emulated() {
    [ "$(head -c 2 sysv_shm/control)" = '#!' ]
}

# --- control ----------------------------------------------------------------

# A writer's segment, attached: $id.
a_segment() {
    # shellcheck disable=SC2086 # words
    t_start w $1 "${2:-./sysv_shm/writer}" -k "$KEY"
    t_tells w 'waiting for a reader'
    id=$(sed -n 's/.*segment \([0-9]*\): waiting.*/\1/p' "$T/w.err")
}

# control stat says of $id what ipcs -m -i says, field by field; so many LINES.
as_ipcs_says() {
    octal='s/^\(mode\|access_perms\)=0*\([0-7]\)/\1=\2/'
    LC_ALL=C ipcs -m -i "$id" | tr '\t' '\n' |
        sed -n -e '/^Shared/d' -e 's/Not set/never/' -e 's/ *$//' -e "$octal" \
            -e '/=/p' | sort >"$T/ipcs"
    [ "$(wc -l <"$T/ipcs")" = 13 ]
    t_run ./sysv_shm/control stat "$id"
    [ "$status" = 0 ]
    t_same err ""
    [ "$(wc -l <"$T/out")" = "$1" ]
    cut -c 1-41 "$T/out" | awk '
        { field = $1; sub(/^[^ ]* */, ""); sub(/ *$/, "") }
        field == "SHM_DEST" { flags += 1; next }
        field == "SHM_LOCKED" { flags += 2; next }
        { is[field] = $0 }
        END {
            split(is["shm_perm.mode"], mode, " ")
            print "uid=" is["shm_perm.uid"]
            print "gid=" is["shm_perm.gid"]
            print "cuid=" is["shm_perm.cuid"]
            print "cgid=" is["shm_perm.cgid"]
            print "mode=" flags + 0 substr(mode[1], 2)
            print "access_perms=" mode[1]
            print "bytes=" is["shm_segsz"]
            print "lpid=" is["shm_lpid"]
            print "cpid=" is["shm_cpid"]
            print "nattch=" is["shm_nattch"]
            print "att_time=" is["shm_atime"]
            print "det_time=" is["shm_dtime"]
            print "change_time=" is["shm_ctime"]
        }' | sed -e "$octal" | sort >"$T/control"
    diff -u "$T/ipcs" "$T/control" || t_fail "control stat and ipcs -i differ"
    [ $(($(field __key))) = $(($(in_ipcs 1))) ] || t_fail "another key than ipcs has"
    # The kernel makes the id of a number and an index of 15 bits, or 24.
    seq=$(field __seq)
    [ $((id / 32768)) = "$seq" ] || [ $((id / 16777216)) = "$seq" ]
}
field() {
    sed -n "s/^shm_perm.$1  *\([^ ]*\) .*/\1/p" "$T/out"
}
# in_ipcs N: column N of $id in ipcs -m.
in_ipcs() {
    ipcs -m | awk -v id="$id" -v n="$1" '$2 == id { print $n }'
}

control_agrees_with_ipcs() {
    for TZ in UTC0 XYZ-5:30; do
        export TZ
        a_segment
        as_ipcs_says 14
        t_says out 'shm_nattch  *1 ' 'shm_dtime  *never' 'shm_segsz  *36 ' \
            "shm_cpid  *$(t_pid w) "
        kill -KILL "$(t_pid w)"
        t_reap w
        t_within 2 attachments 0
        as_ipcs_says 14
        t_says out 'shm_nattch  *0 ' 'shm_dtime  *[A-Z][a-z]* [A-Z][a-z]* '
        remove_by_hand
    done
}
attachments() {
    [ "$(in_ipcs 6)" = "$1" ]
}

control_sets_the_mode() {
    a_segment
    for mode in '640 0640 rw-r-----' '777 0777 rwxrwxrwx' '0421 0421 r---w---x' \
        '0 0000 ---------' '0600 0600 rw-------'; do
        t_run ./sysv_shm/control mode "$id" "${mode%% *}"
        [ "$status" = 0 ]
        t_same out ""
        t_same err ""
        perms=${mode#* }
        [ "$(printf %04d "$(in_ipcs 4)")" = "${perms% *}" ]
        [ "${mode%% *}" != 0 ] || continue # not to be read: see below
        as_ipcs_says 14
        t_says out " ${mode#* } "
    done
    [ "$(in_ipcs 6)" = 1 ] # and nobody was put out
    t_run ./sysv_shm/reader -k "$KEY"
    t_ends w 0
    t_same out "$lesson"
}

control_removes() {
    a_segment
    kill -KILL "$(t_pid w)"
    t_reap w
    t_within 2 attachments 0
    t_run ./sysv_shm/control remove "$id"
    [ "$status" = 0 ]
    t_same out ""
    t_says err "^control\[[0-9]*\]: segment $id is removed$"
    [ -z "$(in_ipcs 2)" ]
    remove_by_hand
    for command in "stat $id" "mode $id 600" "remove $id"; do
        # shellcheck disable=SC2086 # words
        t_refused 1 "^control: [a-z]* segment $id (ipcs -m lists .*): Invalid" \
            ./sysv_shm/control $command
    done
}

control_removes_what_is_attached() {
    a_segment
    t_run ./sysv_shm/control remove "$id"
    [ "$status" = 0 ]
    t_says err "segment $id goes with its last attachment$"
    as_ipcs_says 15
    t_says out 'SHM_DEST' 'shm_perm.__key  *0 '
    [ "$(in_ipcs 7)" = dest ]
    kill "$(t_pid w)"
    t_ends w 143
    [ -z "$(in_ipcs 2)" ]
}

control_names_a_lock() {
    command -v perl >/dev/null || t_skip "no perl to lock it with"
    a_segment
    perl -e 'shmctl($ARGV[0], 11, 0) or die "$!"' "$id" || t_skip "it may not be locked"
    as_ipcs_says 15
    t_says out 'SHM_LOCKED'
    t_run ./sysv_shm/control remove "$id"
    as_ipcs_says 16
    t_says out 'SHM_DEST' 'SHM_LOCKED'
    kill "$(t_pid w)"
    t_ends w 143
}

control_refusals() {
    a_segment # which is there, and of which nothing becomes true
    for number in -1 0x x "${id}x" '' ' ' 2147483648 99999999999999999999; do
        for command in stat remove; do
            t_refused 2 'usage: control stat ID' ./sysv_shm/control "$command" "$number"
        done
        t_refused 2 'usage: control stat ID' ./sysv_shm/control mode "$number" 600
    done
    for octal in -1 0x1 8 1000 600x '' rw 99999999999999999999; do
        t_refused 2 'usage: control stat ID' ./sysv_shm/control mode "$id" "$octal"
    done
    for command in '' stat "stat $id $id" "mode $id" "mode $id 600 600" remove \
        "remove $id $id" "$id" "frob $id" -x -h "-x stat $id"; do
        # shellcheck disable=SC2086 # words
        t_refused 2 'usage: control stat ID' ./sysv_shm/control $command
    done
    [ "$(in_ipcs 4) $(in_ipcs 6)" = '600 1' ]
    status=0
    ./sysv_shm/control stat "$id" >/dev/full 2>"$T/err" || status=$?
    [ "$status" = 1 ]
    t_says err 'write to stdout: '
    kill "$(t_pid w)"
    t_ends w 143
}

# Where there is no SHM_STAT_ANY, as in an emulator, it cannot look at what the
# mode forbids.
no_look='^control: stat segment .* (its mode keeps you out'

control_of_another_user() {
    [ "$(id -u)" = 0 ] || t_skip "only root can act as another user"
    t_for_everyone sysv_shm/control sysv_shm/writer
    a_segment
    # shellcheck disable=SC2086 # words
    {
        t_refused 1 "^control: stat segment $id (its mode keeps you out.*): Permission denied" \
            $t_not_root "$T/control" stat "$id"
        t_refused 1 "^control: set the mode of segment $id (only its owner.*): Operation not\|$no_look" \
            $t_not_root "$T/control" mode "$id" 666
        t_refused 1 "^control: remove segment $id (only its owner.*): Operation not" \
            $t_not_root "$T/control" remove "$id"
    }
    [ "$(in_ipcs 4) $(in_ipcs 6)" = '600 1' ]
    kill "$(t_pid w)"
    t_ends w 143
    # Root may do all of it with another's, and leaves it his.
    a_segment "$t_not_root" "$T/writer"
    t_run ./sysv_shm/control mode "$id" 444
    as_ipcs_says 14
    t_says out 'shm_perm.uid  *65534 ' 'shm_perm.gid  *65534 '
    t_run ./sysv_shm/control remove "$id"
    [ "$status" = 0 ]
    kill "$(t_pid w)"
    t_ends w 143
}

# Mode 0 keeps its owner from IPC_STAT, too, who can still undo it.
control_mode_0() {
    t_for_everyone sysv_shm/control sysv_shm/writer
    a_segment "$t_not_root" "$T/writer"
    # shellcheck disable=SC2086 # words
    {
        t_run $t_not_root "$T/control" mode "$id" 0
        [ "$status" = 0 ]
        [ "$(in_ipcs 4)" = 0 ]
        t_refused 1 'its mode keeps you out' $t_not_root "$T/control" stat "$id"
        t_run $t_not_root "$T/control" mode "$id" 600
        if emulated && grep -q "$no_look" "$T/err"; then
            t_run $t_not_root "$T/control" remove "$id"
            kill "$(t_pid w)"
            t_ends w 143
            t_skip "no SHM_STAT_ANY here"
        fi
        [ "$status $(in_ipcs 4)" = '0 600' ]
        t_run $t_not_root "$T/control" mode "$id" 0
        t_run $t_not_root "$T/control" remove "$id"
        t_says err 'goes with its last attachment'
    }
    [ "$(in_ipcs 7)" = dest ]
    kill "$(t_pid w)"
    t_ends w 143
}

# --- questions --------------------------------------------------------------

# The kernel may be set to let no segment live without a process: proc(5).
questions_where_none_outlives() {
    [ "$(id -u)" = 0 ] || t_skip "only root can have an IPC namespace of its own"
    t_run unshare -i sh -c 'echo 1 >/proc/sys/kernel/shm_rmid_forced &&
        exec ./sysv_shm/questions/ask' || :
    grep -q '^unshare: \|shm_rmid_forced: ' "$T/err" && t_skip "$(cat "$T/err")"
    [ "$status" = 0 ]
    [ "$(grep -c 'skipped: *kernel.shm_rmid_forced is set' "$T/out")" = 3 ]
}

# Where there is no second process, experiments fail in the middle; and with
# stdout at its end, at each of their lines.
questions_that_fail() {
    [ "$(id -u)" = 0 ] || t_skip "only root can have an IPC namespace of its own"
    command -v prlimit >/dev/null || t_skip "prlimit is not installed"
    emulated && t_skip "an emulator needs threads of its own"
    for source in sysv_shm/questions/*.c; do
        t_for_everyone "${source%.c}"
    done
    # shellcheck disable=SC2016 # for the shell in there
    t_run unshare -i sh -c '
        for program in "$1"/[0-9]*; do
            $t_not_root prlimit --nproc=1 "$program" >/dev/null
            n=0
            while [ $((n += 1)) -le 25 ]; do
                "$program" 2>/dev/null | head -n "$n" >/dev/null
            done
        done
        ipcs' sh "$T"
    grep -q '^unshare: ' "$T/err" && t_skip "$(cat "$T/err")"
    [ "$(grep -c ': wait: \|: fork: ' "$T/err")" -ge 9 ]
    t_says out '^-.*Shared Memory'
    if grep '^0x' "$T/out"; then t_fail "this is left"; fi
}

t_it "the reader first" in_order reader
t_it "the writer first" in_order writer
t_it "both at once" in_order both
t_it "no arguments: the lesson, its key from ftok" no_arguments
t_it "any student, -k in decimal and hexadecimal" any_student
t_it "struct student comes first in the segment" layout
t_it "a second writer is refused" second_writer
t_it "a second reader waits for the next student" second_reader
t_it "a reader killed after it took it: the writer ends" reader_killed
t_it "a writer killed while it waits: the next works" writer_killed_while_it_waits
t_it "a writer killed after the reader came" writer_killed
t_it "what a dead writer left half made is used again" half_made
t_it "kill -9 at any instant" kills
t_it "signals clean up and end, ignored ones do not" signals
t_it "a stopped reader is no dead one" stopped
t_it "wrong options and values are refused" refusals
t_it "a stdout that fails is a student not taken" stdout_that_fails
t_it "a key that another program has is left alone" key_in_use
t_it "another user's objects are refused" of_another_user
t_it "objects removed by hand: the writer says so" removed_by_hand
t_it "parent_child: prints what the text prints" parent_child_prints_as_the_text
t_it "parent_child: any TEXT, and nothing else" parent_child_text
t_it "parent_child: reports a child that failed" parent_child_reports_its_child
t_it "parent_child: says what it is refused" parent_child_is_refused_a_segment
t_it "parent_child: marked at once, no child reads early" parent_child_is_marked
t_it "parent_child: a killed child is reported" parent_child_child_killed
t_it "parent_child: a killed parent leaves no child" parent_child_parent_killed
t_it "parent_child: both killed leave nothing" parent_child_both_killed
t_it "parent_child: kill -9 at any instant" parent_child_kills
t_it "control: stat says what ipcs -i says" control_agrees_with_ipcs
t_it "control: sets the mode" control_sets_the_mode
t_it "control: removes" control_removes
t_it "control: marks what is attached" control_removes_what_is_attached
t_it "control: names a segment that is locked" control_names_a_lock
t_it "control: wrong use is refused; a stdout that fails" control_refusals
t_it "control: another user's segment" control_of_another_user
t_it "control: mode 0, and back" control_mode_0
t_ask sysv_shm
t_it "questions: all hold where none outlives its process" \
    questions_where_none_outlives
t_it "questions: failing, they leave nothing" questions_that_fail
t_finish
