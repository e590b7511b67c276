#!/bin/sh
# tests/lessons/view.sh - mmap/view: what it shows while lessons run, and whom it disturbs
. "$(dirname "$0")/../lib/lib.sh"

esc=$(printf '\033')
me=$(id -u)

# shows PATTERN: a view that was started as v does, in 5 seconds.
shows() {
    t_within 5 grep -q -e "$1" "$T/v.out" || {
        tail -n 20 "$T/v.out"
        t_fail "view does not show: $1"
    }
}
# runs PROGRAM: what a process of this chapter or another runs. An emulator, where CI has
# made a script of the program.
runs() {
    if [ "$(head -c 2 mmap/view)" = '#!' ]; then echo '.*'; else echo "$1"; fi
}
# view OBJECT: one look, in $T/out.
view() {
    t_run ./mmap/view -n "$1"
    [ "$status" = 0 ]
    t_same err ""
}

# --- the lessons --------------------------------------------------------------

a_file() {
    t_start w ./mmap/unrelated_writer -i 0.25 -m 你好 -m tock "$T/f"
    t_within 5 test -s "$T/f"
    t_start v ./mmap/view "$T/f"
    shows "^$T/f (may be torn)$"
    shows "^pages #, size 4096, links 1, owner $me, mode 0600, mapped by:$"
    shows "^ *$(t_pid w) [0-9a-f]*-[0-9a-f]* rw-s $(runs unrelated_writer)$"
    shows '^text 你好$'
    shows '^text tock$'
    shows '^00000400 >74>6f>63>6b>00 bd .* |tock\.\.'
    if grep '^00000000' "$T/v.out"; then t_fail "a row of zeros"; fi
    # Nothing is marked in the first look.
    awk '/may be torn/ && looks++ { exit } />/ { print }' "$T/v.out" >"$T/out"
    t_same out ""
    t_start r ./mmap/unrelated_reader -i 9 "$T/f"
    shows "^ *$(t_pid r) [0-9a-f]*-[0-9a-f]* r--s $(runs unrelated_reader)$"
    kill "$(t_pid v)"
    t_ends v 143
    t_same v.err ""
}

a_seqlock() {
    t_start w ./mmap/seqlock_writer -i 9 -m "$(printf 'red\033[31m 朋友\302\233')" "$T/f"
    t_tells w .
    t_within 5 grep -q red "$T/f"
    view "$T/f"
    t_says out '^lesson 1.5: sequence 2$' '^text red.\[31m 朋友\.' "$(runs seqlock_writer)$"
    if grep "$esc" "$T/out"; then t_fail "an escape sequence"; fi
    if LC_ALL=C grep "$(printf '\302\233')" "$T/out"; then t_fail "a C1 control"; fi
}

a_message() {
    t_start v ./mmap/view "/dev/shm$NAME"
    shows "^waiting for /dev/shm$NAME: No such file"
    t_start w ./posix_shm/writer -s "$NAME" first second
    shows '^lesson 2.1: room 0, full 1, last 0$'
    shows '^text first$'
    shows "^ *$(t_pid w) .* rw-s $(runs writer)$"
    t_run ./posix_shm/reader -s "$NAME"
    t_ends w 0
    t_within 5 sh -c "tail -n 1 '$T/v.out' | grep -q waiting" || t_fail "the name is gone"
    t_start w ./posix_shm/writer -s "$NAME" third # a new object of this name
    shows '^lesson 2.1: room 0, full 1, last 1$'
    shows '^text third$'
    t_run ./posix_shm/reader -s "$NAME"
}

a_stream() {
    t_start w ./posix_shm/stream_writer -s "$NAME"
    t_tells w waiting
    view "/proc/$(t_pid w)/fd/4"
    t_the_ring
    t_says out "^pages [#.]\{1,4\}, size $((ring + 4096))," " $(runs stream_writer)$"
}

a_counter() {
    t_alone shm_counter
    t_start c ./posix_shm/counter 1000000000000
    name=/dev/shm/shm_counter.$(id -u)
    t_within 5 test -s "$name"
    t_start v ./mmap/view "$name"
    shows '^lesson 2.4: rows 1, total [1-9]'
    shows '>'
    kill "$(t_pid c)"
    t_ends c 143
    shows '^waiting for '
}

a_segment() {
    since=$(date +%s)
    t_start w ./sysv_shm/writer -k "$KEY" "$(printf 'a\033[7m')" 7
    t_tells w segment
    id=$(sed -n 's/.*segment \([0-9]*\):.*/\1/p' "$T/w.err")
    t_start v ./mmap/view "$id"
    shows "^$id (may be torn)$"
    shows ', size 36, attached 1, owner '"$me"', mode 0600, mapped by:$'
    # It has just been attached: another program may be asking for nattch.
    [ "$(date +%s)" -gt $((since + 1)) ] ||
        shows '^not mapped now, so its bytes are not read$'
    [ "$(lpid)" = "$(t_pid w)" ]
    shows '^lesson 3.1: age 7, name a\.\[7m$'
    shows "^ *$(t_pid w) .* rw-s $(runs writer)$"
    shows '^00000020 .07 00 00 00 '
    # What a killed program has left is left alone, and a new writer can use it.
    kill -KILL "$(t_pid w)"
    t_ends w 137
    shows ', attached 0, '
    t_start w ./sysv_shm/writer -k "$KEY" b 8
    t_tells w "segment $id"
    [ "$(lpid)" = "$(t_pid w)" ]
    view "$id" # asked for one look, it attaches
    t_says out '^lesson 3.1: age 8, name b$'
    t_run ./sysv_shm/reader -k "$KEY"
    t_says out 'name: b, age: 8'
    t_ends w 0
    shows "^waiting for $id: I"
}
lpid() {
    ipcs -m -i "$id" | sed -n 's/.*lpid=\([0-9]*\).*/\1/p'
}

# --- what is not there, is no file, or changes its size ------------------------------

not_there() {
    t_refused 1 "^view: $T/none: No such file" ./mmap/view -n "$T/none"
    t_refused 1 '^view: 2147483647: ' ./mmap/view -n 2147483647
    t_refused 1 '^view: .*a\.\[31mb\.' ./mmap/view -n "$T/$(printf 'a\033[31mb\302\233')"
    if grep "$esc" "$T/err"; then t_fail "an escape sequence"; fi
}

no_file() {
    t_refused 1 '^view: data is no file$' ./mmap/view data
    t_refused 1 '^view: /dev/zero is no file$' ./mmap/view /dev/zero
    # Nobody who waits for the reader of a FIFO takes view for it.
    mkfifo "$T/fifo"
    t_start w sh -c "echo text >'$T/fifo'"
    t_refused 1 '^view: .* is no file$' ./mmap/view "$T/fifo"
    sleep 0.1 # by then it would have written, and ended
    if t_ended "$(t_pid w)"; then t_fail "it has opened the FIFO"; fi
}

other_sizes() {
    : >"$T/f"
    view "$T/f"
    t_says out '^pages , size 0, '
    head -c 40000 /dev/zero | tr '\0' a >"$T/f"
    t_start v ./mmap/view "$T/f"
    shows ', size 40000, '
    shows '^00003ff0 .* |a*|$' # 16 KiB, and no more
    if grep '^00004000' "$T/v.out"; then t_fail "more than it has copied"; fi
    for size in 17 0 40000; do
        truncate -s "$size" "$T/f"
        shows ", size $size, "
    done
    shows '^00000000 >00' # what has become zero is not left out
    rm "$T/f"
    shows '^waiting for '
    echo more >"$T/f"
    shows '^00000000 >6d>6f>72>65>0a 00 .*|more\.\.'
}

# It asks mincore(2) first: a load from a page that nobody has used would create it.
creates_no_page() {
    command -v ipcmk >/dev/null || t_skip "ipcmk is not installed"
    id=$(ipcmk -M 8192 | sed 's/.* //')
    truncate -s 8192 "/dev/shm$NAME"
    for object in "$id" "/dev/shm$NAME"; do
        view "$object"
        t_says out '^pages [.]*, size 8192,'
    done
    awk -v id="$id" '$2 == id { print $(NF - 1) }' /proc/sysvipc/shm >"$T/out"
    t_same out 0
    [ "$(stat -c %b "/dev/shm$NAME")" = 0 ]
    ipcrm -m "$id"
    rm "/dev/shm$NAME"
}

quiet_when_nothing_changes() {
    echo text >"$T/f"
    t_start v ./mmap/view "$T/f"
    shows '|text\.'
    sleep 0.3 # at least one more look
    [ "$(grep -c 'may be torn' "$T/v.out")" = 1 ]
    echo next >"$T/f"
    shows '^00000000 >6e 65 78 74 0a\|^00000000 >6e>65>78>74>0a'
}

# --- other users ----------------------------------------------------------------

other_users() {
    [ -n "$t_not_root" ] || t_skip "not root"
    t_for_everyone mmap/view
    t_start w ./sysv_shm/writer -k "$KEY"
    t_tells w segment
    id=$(sed -n 's/.*segment \([0-9]*\):.*/\1/p' "$T/w.err")
    # shellcheck disable=SC2086 # words
    t_refused 1 "^view: $id: Permission denied" $t_not_root "$T/view" -n "$id"
    kill "$(t_pid w)"
    t_ends w 143
    t_start w ./mmap/unrelated_writer -i 9 "$T/f"
    t_tells w writing
    # shellcheck disable=SC2086 # words
    t_start v $t_not_root "$T/view" "$T/f"
    shows "^waiting for $T/f: Permission denied$"
    chmod 644 "$T/f"
    shows ', mapped by:$'
    shows '^text '
    if grep unrelated_writer "$T/v.out"; then t_fail "that cannot be known"; fi
}

wrong_use() {
    for words in '' '-x data/test.txt' '-n' 'one two' '-h'; do
        # shellcheck disable=SC2086 # words
        t_refused 2 '^view: usage: ' ./mmap/view $words
    done
    t_run sh -c './mmap/view -n data/test.txt >/dev/full'
    [ "$status" = 1 ]
    t_says err '^view: write to stdout: No space left'
    t_run sh -c './mmap/view data/test.txt >/dev/full' # and at once
    [ "$status" = 1 ]
}

# --- a terminal -----------------------------------------------------------------

# on_terminal VARIABLE=VALUE...: view in a terminal of 80 x 24, as it is sent to it,
# while a writer writes, until Ctrl-C.
on_terminal() {
    command -v script >/dev/null || t_skip "script is not installed"
    # What a shell starts in the background ignores Ctrl-C, and so would view.
    env --default-signal=INT true || t_skip "env does not know --default-signal"
    t_start w ./mmap/unrelated_writer -i 0.15 -m "$(printf '%0600d' 0)" -m tick "$T/f"
    t_within 5 test -s "$T/f"
    mkfifo "$T/keys"
    t_start_io "$T/keys" "$T/v.out" v script -qec \
        "stty rows 24 cols 80; exec env --default-signal=INT $* ./mmap/view $T/f" "$T/typescript"
    exec 7>"$T/keys"
    shows 'text tick'
    shows "7m30\|>30"
    printf '\003' >&7
    t_ends v 130
    exec 7>&-
}

full_terminal() {
    on_terminal TERM=xterm NO_COLOR=1
    shows "$esc\[7m30$esc\[m"
    if grep '>30' "$T/v.out"; then t_fail "marks"; fi
    # It goes to the top, erases, and has reverse video: no colours, so it can be read
    # on every background, and nothing that has to be undone.
    grep -o "${esc}[^A-Za-z]*." "$T/v.out" | sort -u | tr -d "$esc\n" >"$T/out"
    [ "$(cat "$T/out")" = '[7m[H[J[m' ]
    awk -v top="$esc\\\\[H" '$0 ~ top { n = 0 } ++n > 24 { exit 1 }' "$T/v.out" ||
        t_fail "more than 24 lines"
}
dumb_terminal() {
    on_terminal TERM=dumb
    shows '>30'
    if grep "$esc" "$T/v.out"; then t_fail "an escape sequence"; fi
}
in_tmux() {
    command -v tmux >/dev/null || t_skip "tmux is not installed"
    tmux -DNV >/dev/null 2>&1 || t_skip "tmux is older than 3.2"
    t_start w ./mmap/unrelated_writer -i 0.15 -m "$(printf '%02000d' 0)" -m tick "$T/f"
    t_start server tmux -D -u -S "$T/tmux" -f /dev/null
    # -N: it starts no server of its own when it is faster than the one above.
    t_within 5 tmux -N -S "$T/tmux" new-session -d -x 80 -y 24 "PS1='ready ' sh"
    tmux -S "$T/tmux" send-keys "./mmap/view $T/f" Enter
    t_within 5 sees 'text tick' || t_fail "no view"
    t_within 5 sees "$esc\[7m30" || t_fail "nothing is lit up"
    sees "^$T/f (may be torn)" || t_fail "the first line"
    [ -z "$(sed -n 24p "$T/screen")" ] # the cursor is there
    sed "s/$esc\[[0-9;]*m//g" "$T/screen" | awk 'length($0) > 80' >"$T/out"
    t_same out ""
    tmux -S "$T/tmux" send-keys C-c
    t_within 5 sees '^ready' || t_fail "no prompt"
    tmux -S "$T/tmux" kill-server
    t_within 5 t_ended "$(t_pid server)" || t_fail "tmux does not end"
}
sees() {
    tmux -S "$T/tmux" capture-pane -e -p >"$T/screen"
    grep -q -e "$1" "$T/screen"
}

t_it "lesson 1.4: the text, who has it mapped, what has changed" a_file
t_it "lesson 1.5: the sequence; nothing in a text controls the terminal" a_seqlock
t_it "lesson 2.1: waits for the object, and follows a new one" a_message
t_it "lesson 2.3: a memfd, through /proc" a_stream
t_it "lesson 2.4: the rows and the total" a_counter
t_it "lesson 3.1: the student; nattch is let alone" a_segment
t_it "says what is not there" not_there
t_it "a folder, a device and a FIFO are refused, and not opened" no_file
t_it "empty files, long ones, and one that is cut" other_sizes
t_it "creates no page by looking" creates_no_page
t_it "prints only when something changes" quiet_when_nothing_changes
t_it "other users keep their secrets" other_users
t_it "wrong use, and an output that fails" wrong_use
t_it "on a terminal: lit up without colours, 24 lines, Ctrl-C" full_terminal
t_it "TERM=dumb: plain lines" dumb_terminal
t_it "in tmux, 80 x 24" in_tmux
t_finish
