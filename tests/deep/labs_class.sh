#!/bin/sh
# tests/deep/labs_class.sh - the labs for a class: what is handed in can hurt nobody, and
# a whole class is marked at once
#
# `make labs` has three levels of protection (tests/labs/checks/box.sh): each is tried
# where this machine has it, as whoever runs the suite, and as an ordinary user.
# shellcheck disable=SC2086 # busybox sh
# shellcheck disable=SC2016 # names with $ in them
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/labs.sh"

# levels: those of this machine, for this user; WHO runs a command as them.
levels() {
    mkdir -p "$T/probe/lab/in"
    chmod 711 "$T" "$T/probe"
    levels=
    for level in namespaces user none; do
        rm -rf "$T/probe/root"
        if $TEST_SH tests/labs/checks/box.sh $level "$T/probe" sh -c : 2>/dev/null; then
            levels="$levels $level"
        fi
    done
    echo "# levels:$levels"
}

# A submission that does harm wherever it can, in files whose names it is told when it
# is compiled, and leaves things of each kind.
villain() {
    cat >"$1" <<.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    static const char *const files[] = {"$2/checks/stale_read", "$2/victim", "/tmp/villain.$T_TAG",
        "/dev/shm/villain.$T_TAG", "../checks/stale_read", "../stale_read"};
    for (int i = 0; i < 6; i++) {
        if (i != 2 && i != 3) { unlink(files[i]); rename("note", files[i]); }
        int fd = open(files[i], O_WRONLY | O_CREAT | O_TRUNC, 0777);
        if (fd != -1 && write(fd, "#!/bin/sh\necho good\n", 20) == 20) close(fd);
    }
    shmget($KEY, 4096, IPC_CREAT | 0666);
    semget($KEY, 1, IPC_CREAT | 0666);
    msgget($KEY, IPC_CREAT | 0666);
    mq_open("/villain.$T_TAG", O_CREAT | O_RDWR, 0666, NULL);
    /* Not traced, in a session of its own: it stays when the check is over. */
    if (syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0) == 0) {
        setsid();
        execlp("sleep", "sleep", "1234.$T_TAG", NULL);
        _exit(1);
    }
    chmod("..", 0777);
    kill(-1, SIGCONT);
    return 0;
}
.
}
# What it is to have left alone.
untouched() {
    cmp "$T/victim" "$T/victim.before"
    cmp "$checks/stale_read" "$T/checks/stale_read" || t_fail "a check has been changed"
    for left in "/tmp/villain.$T_TAG" "/dev/shm/villain.$T_TAG"; do
        [ ! -e "$left" ] || t_fail "$left is left"
    done
    t_ipc >"$T/ipc"
    if grep "$KEY" "$T/ipc"; then t_fail "an object is left"; fi
    if grep -q -l "1234\.$T_TAG" /proc/[0-9]*/cmdline 2>/dev/null; then t_fail "a process is left"; fi
}
harmless() {
    levels
    mkdir "$T/checks" "$T/in"
    cp "$checks/stale_read" "$T/checks"
    echo precious >"$T/victim"
    cp "$T/victim" "$T/victim.before"
    villain "$T/in/stale_read.c" "$T"
    for level in $levels; do
        [ $level != none ] || continue
        labs CHECKS="$T/checks" LABS_FROM="$T/in" LAB=stale_read LABS_BOX=$level
        [ "$status" = 1 ] || t_fail "$level: status $status: $(cat "$T/out" "$T/err")"
        untouched
    done
    # As an ordinary user, who owns all that is in danger.
    [ -n "$t_not_root" ] || return 0
    chown -R 65534:65534 "$T"
    chmod -R a+rX "$T" "$t_tmp"
    $t_not_root test -x "$T/checks/stale_read" || t_skip "user 65534 cannot enter $T, see TMPDIR"
    t_run $t_not_root env CHECKS="$T/checks" LABS_FROM="$T/in" LAB=stale_read TMPDIR="$T" \
        LABS_BOX=namespaces $TEST_SH tests/labs/checks/run.sh
    if [ "$status" = 2 ]; then
        echo "# no namespaces for an ordinary user"
    else
        [ "$status" = 1 ] || t_fail "user: status $status: $(cat "$T/out" "$T/err")"
        untouched
    fi
}

# With no box a check can be hurt, and then there is no verdict; and it is said that there is none.
hurt() {
    mkdir "$T/in" "$T/checks"
    cp "$checks/stale_read" "$T/checks"
    printf '#include <stdio.h>\n#include <unistd.h>\nint main(void) { %s %s return 0; }\n' \
        'unlink("../checks/stale_read"); FILE *f = fopen("../checks/stale_read", "w");' \
        'fputs("#!/bin/sh\n", f); fclose(f);' >"$T/in/stale_read.c"
    labs CHECKS="$T/checks" LABS_FROM="$T/in" LAB=stale_read LABS_BOX=none
    [ "$status" = 77 ] || t_fail "status $status: $(cat "$T/out" "$T/err")"
    t_says out '^\[!\] stale_read  *the check was changed while it ran: no verdict$' '^0 of 1 done$'
    [ ! -e "$T/checks/stale_read" ] || t_fail "the hurt check is still there"
}

# It may try to kill its check: whether that is seen before or after it is done, what is
# said is true, and it is no pass.
killer() {
    levels
    mkdir "$T/in"
    for how in 'kill(getppid(), SIGKILL)' 'kill(-1, SIGKILL)'; do
        # With no box, -1 would be all of ours.
        [ "$how" != 'kill(-1, SIGKILL)' ] || levels=$(echo $levels | sed 's/none//')
        printf '#include <signal.h>\n#include <unistd.h>\nint main(void) { %s; return 0; }\n' "$how" \
            >"$T/in/stale_read.c"
        for level in $levels; do
            labs LABS_FROM="$T/in" LAB=stale_read LABS_BOX=$level
            case $status in
            1) t_says out 'sends a signal' ;;
            77) t_says out 'the check was killed by signal 9, maybe by what it checks: no verdict' ;;
            *) t_fail "$how, $level: status $status: $(cat "$T/out" "$T/err")" ;;
            esac
        done
    done
}

# Each level has the same verdicts.
same_verdicts() {
    levels
    mkdir "$T/right" "$T/wrong"
    starter torn_read
    cp "$T/torn_read.c" "$T/wrong"
    [ -d tests/labs/mends ] || t_skip "the mends are not handed out"
    cp tests/labs/mends/torn_read.lock.c "$T/right/torn_read.c"
    for level in $levels; do
        labs LABS_FROM="$T/right" LAB=torn_read LABS_BOX=$level
        [ "$status" = 0 ] || t_fail "$level, right: status $status: $(cat "$T/out" "$T/err")"
        labs LABS_FROM="$T/wrong" LAB=torn_read LABS_BOX=$level
        [ "$status" = 1 ] || t_fail "$level, wrong: status $status: $(cat "$T/out" "$T/err")"
    done
    labs LABS_FROM="$T/right" LAB=torn_read LABS_BOX=nonsense
    [ "$status" = 2 ]
}

# What the compiler reads is bounded, too.
compiler() {
    levels
    mkdir "$T/in"
    echo 'int right = 1;' >"$T/solution.c"
    chmod 644 "$T/solution.c"
    case $levels in
    *namespaces*)
        echo "#include \"$T/solution.c\"" >"$T/in/leak.c"
        labs LABS_FROM="$T/in" LAB=leak
        [ "$status" = 1 ]
        t_says out 'does not compile' 'No such file'
        ;;
    esac
    for source in '#include "/dev/stdin"' '#include "/dev/zero"' '#include "leak.c"' \
        'int a[1 << 30][1 << 30];' '#define A x x x x x x x x
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C C C C C C C C C
#define E D D D D D D D D D D D D D D D D
int main(void) { E; E; E; E; E; E; E; E; E; E; E; E; E; E; E; E; }'; do
        printf '%s\n' "$source" >"$T/in/leak.c"
        labs LABS_FROM="$T/in" LAB=leak
        [ "$status" = 1 ] || t_fail "$source: status $status"
        t_says out 'does not compile'
        [ "$(wc -c <"$T/out")" -lt 40000 ] || t_fail "it says too much: $(wc -c <"$T/out")"
    done
    awk 'BEGIN { for (i = 0; i < 3000; i++) print "#error it goes on and on" }' >"$T/in/leak.c"
    labs LABS_FROM="$T/in" LAB=leak
    [ "$(wc -c <"$T/out")" -lt 40000 ] || t_fail "it says too much: $(wc -c <"$T/out")"
    rm "$T/in/leak.c"
    ln -s ../solution.c "$T/in/leak.c"
    mkfifo "$T/in/bus_error.c"
    mkdir "$T/in/torn_read.c"
    head -c 1000001 /dev/zero >"$T/in/stale_read.c"
    for lab in leak bus_error torn_read; do
        labs LABS_FROM="$T/in" LAB=$lab FORMAT=tsv
        t_says out "^$lab	no_compile	$lab.c is no file that can be read"
    done
    labs LABS_FROM="$T/in" LAB=stale_read FORMAT=tsv
    t_says out 'no_compile	stale_read.c has more than'
}

# No secrets, no terminal, no descriptors of ours, no more than it needs.
surroundings() {
    levels
    mkdir -p "$T/box/lab/in"
    chmod 711 "$T" "$T/box"
    for level in $levels; do
        rm -rf "$T/box/root"
        t_run env SECRET=token GITHUB_TOKEN=token CHECK_SECONDS=7 $TEST_SH tests/labs/checks/box.sh \
            $level "$T/box" sh -c 'env; ls /proc/self/fd; ulimit -v; ulimit -c; : </dev/tty' 7<"$T"
        if grep -q token "$T/out"; then t_fail "$level: $(cat "$T/out")"; fi
        t_says out '^CHECK_SECONDS=7$' '^1048576$' '^0$'
        if grep -q '^7$' "$T/out"; then t_fail "$level: it has descriptor 7"; fi
        t_says err '/dev/tty'
    done
    # From a terminal, too: what reads from it could type there.
    if script -qec true /dev/null >"$T/out" 2>&1 </dev/null; then
        for level in $levels; do
            script -qec ": </dev/tty && echo before; $TEST_SH tests/labs/checks/box.sh $level '$T/box' \
                sh -c ': </dev/tty && echo inside'" /dev/null >"$T/out" 2>&1 </dev/null || :
            t_says out before
            if grep -q inside "$T/out"; then t_fail "$level: it has our terminal"; fi
        done
    fi
    case $levels in *namespaces*) ;; *) t_skip "no namespaces" ;; esac
    # Who may write to it outside cannot do so in there.
    mkdir "$T/tools"
    echo tool >"$T/tools/tool"
    chmod 777 "$T/tools"
    t_run env BOX_TOOLS="$T/tools" $TEST_SH tests/labs/checks/box.sh namespaces "$T/box" \
        sh -c "cat '$T/tools/tool'; : >'$T/tools/new'"
    t_same out tool
    t_says err 'Read-only file system'
    t_run $TEST_SH tests/labs/checks/box.sh namespaces "$T/box" sh -c \
        "ls -d '$T' '$top' /root /home /var/lib; ls -d /proc/[0-9]*; touch /usr/x ../x /etc/x; ls /sys
        ls /proc/1/root/ /proc/1/cwd/ | sed 's/^/out: /'"
    if grep '^out: ' "$T/out"; then t_fail "process 1 leads out"; fi
    if grep "$T\|$top\|/root\|/home\|/var/lib" "$T/out"; then t_fail "it sees what is not its own"; fi
    [ "$(grep -c '^/proc/' "$T/out")" -le 4 ]
    [ "$(grep -c 'touch.*\(Read-only\|Permission denied\)' "$T/err")" = 3 ]
}

# --- for a class ----------------------------------------------------------------

read_only() {
    mkdir -p "$T/tree/tests/labs" "$T/student" "$T/work"
    cp -R Makefile README.md data mmap posix_shm sysv_shm "$T/tree"
    cp -R tests/labs/checks tests/labs/engine tests/labs/list "$T/tree/tests/labs" 2>/dev/null ||
        cp -R tests/labs/checks tests/labs/list "$T/tree/tests/labs"
    rm -rf "$T/tree/data/work"
    starter leak
    mv "$T/leak.c" "$T/student"
    chmod 755 "$T" "$t_tmp"
    chmod -R a+rX,a-w "$T/tree"
    chmod 777 "$T/student" "$T/work"
    $t_not_root test -r "$T/tree/Makefile" || t_skip "user 65534 cannot enter $T, see TMPDIR"
    (
        cd "$T/student"
        unset CHECKS
        t_refused 2 'cannot be written to: give LABS_WORK' \
            $t_not_root make -s -C ../tree labs LAB=leak LABS_FROM=.
        for turn in 1 2; do
            t_run $t_not_root make -s -C ../tree labs LAB=leak LABS_FROM=. LABS_WORK=../work/"z' &"
            if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
            [ "$status" = 1 ] || t_fail "$turn: status $status: $(cat "$T/err")"
            t_says out '^\[ \] leak .*a segment stays'
        done
    )
    [ -x "$T/work/z' &/leak" ]
    [ -x "$T/work/z' &/tree/data/work/checks/leak" ]
    chmod -R u+w "$T/tree"
}

# The folders of a class, with names as they come.
class() {
    mkdir "$T/class"
    for student in ada "z'; touch pwned; echo '" '=1+1' 'a	b
c%' '王小明' "$(printf 'lat\351in')"; do
        mkdir "$T/class/$student"
    done
    echo 'int main(void) { return x; }' >"$T/class/ada/leak.c"
    printf 'int main(void)\n{\n\treturn x;\n}\n' >"$T/class/王小明/leak.c"
    starter bus_error
    cp "$T/bus_error.c" "$T/class/ada"
    cp "$T/bus_error.c" "$T/class/=1+1"
    ln -s ada "$T/class/link"
    echo 'int main;' >"$T/class/王小明/Leak.c"
    if [ -d tests/labs/mends ]; then
        cp tests/labs/mends/torn_read.lock.c "$T/class/王小明/torn_read.c"
    fi
}
everybody() {
    class
    mkdir "$T/tmp"
    t_run env TMPDIR="$T/tmp" make -s labs-all FROM="$T/class"
    rows=$((6 * many + 1))
    [ "$(wc -l <"$T/out")" = $rows ] || t_fail "$(cat "$T/out" "$T/err")"
    head -n 1 "$T/out" >"$T/head"
    t_same head 'student	lab	verdict	evidence	points	of	seconds	same_as'
    sed 1d "$T/out" | cut -f 1 | uniq >"$T/students"
    t_same students "%3D1+1
a%09b%0Ac%25
ada
lat%E9in
z'; touch pwned; echo '
王小明"
    t_says out '^ada	leak	no_compile	.*	ada$' '^王小明	leak	no_compile	.*	ada$' \
        '^ada	bus_error	fail	.*	$' '^ada	torn_read	missing	not handed in	0	1	'
    t_says err '1 links' 'the same leak: ada, 王小明$'
    t_says err '王小明: 1 more .c files'
    if [ -d tests/labs/mends ]; then
        t_says out '^王小明	torn_read	[a-z]*	.*	tests/labs/mends/torn_read.lock.c$'
        t_says err 'the same torn_read as tests/labs/mends/torn_read.lock.c: 王小明$'
    fi
    awk -F '\t' 'NF != 8' "$T/out" >"$T/odd"
    t_same odd ''
    find "$T/tmp" "$top" -name 'labs-all.*' -o -name 'labs.??????' -o -name pwned >"$T/left"
    t_same left ''
    if grep -q '	skipped	' "$T/out"; then t_skip "$(grep -m 1 skipped "$T/out")"; fi
    [ "$status" = 0 ] || t_fail "status $status"
    # No time at all: it is said, and is no verdict.
    t_run env CHECKS="$checks" LABS_MINUTES=-1 FROM="$T/class" $TEST_SH tests/labs/checks/all.sh
    [ "$status" = 77 ]
    [ "$(grep -c '	error	not checked: no time was left' "$T/out")" = $((6 * many)) ]
    t_refused 2 'no lab leek' make -s labs-all FROM="$T/class" LAB=leek
    t_refused 2 'for one student' make -s labs-all FROM="$T/class" FORMAT=json
    t_refused 2 'which folder' make -s labs-all
    t_refused 2 'no folder' make -s labs-all FROM="$T/nowhere"
    t_refused 2 'is no folder' make -s labs-all FROM="$T/tmp"
}
# In /opt, which the box shows, it does not show the suite with its right solutions.
in_opt() {
    levels
    case $levels in
    *namespaces*) ;;
    *) t_skip "no namespaces here" ;;
    esac
    unshare --mount true 2>/dev/null || t_skip "only root can mount here"
    mkdir "$T/handed_in"
    echo '#include "/opt/shm/secret.c"' >"$T/handed_in/stale_read.c"
    cat >"$T/opt.sh" <<'.'
mount -t tmpfs none /opt && mkdir /opt/shm && cp -R "$1/tests" "$1/Makefile" /opt/shm &&
    cp "$1/mmap/lab/stale_read.c" /opt/shm/secret.c && cd /opt/shm || exit 3
SH=$TEST_SH
export SH
LABS_BOX=namespaces LAB=stale_read LABS_FROM=$2 exec $TEST_SH tests/labs/checks/run.sh
.
    t_run env CHECKS="$checks" unshare --mount sh "$T/opt.sh" "$top" "$T/handed_in"
    t_says out 'stale_read *does not compile'
}
all_busy() {
    find "$T/tmp" -path '*/lab/checks/*' | grep -q .
}
interrupted() {
    mkdir -p "$T/tmp" "$T/class/a" "$T/class/b" "$T/class/c"
    for lab in torn_read stale_read; do
        starter $lab
        cp "$T/$lab.c" "$T/class/a"
        cp "$T/$lab.c" "$T/class/b"
    done
    for signal in TERM INT HUP; do
        t_start all env CHECKS="$checks" TMPDIR="$T/tmp" FROM="$T/class" $TEST_SH tests/labs/checks/all.sh
        t_within 10 all_busy || t_fail "it does not begin"
        t_pause 200
        # A shell in the background may not heed INT: nobody types Ctrl-C there.
        [ $signal != INT ] || signal=TERM
        kill -$signal "$(t_pid all)"
        t_within 20 t_ended "$(t_pid all)" || t_fail "it does not end"
        t_reap all
        find "$T/tmp" -mindepth 1 >"$T/left"
        t_same left ''
    done
}
progress() {
    script -qec true /dev/null >"$T/out" 2>&1 </dev/null || t_skip "no script(1), or another one"
    mkdir -p "$T/class/a" "$T/class/b"
    FROM="$T/class" CHECKS="$checks" script -qec \
        "$TEST_SH tests/labs/checks/all.sh >/dev/null" /dev/null >"$T/out" 2>&1 </dev/null
    tr '\r' '\n' <"$T/out" >"$T/lines"
    t_says lines '\[###########################\] 2 of 2 folders'
    FROM="$T/class" CHECKS="$checks" $TEST_SH tests/labs/checks/all.sh >"$T/out" 2>"$T/err"
    grep -v '^labs: no namespaces here\|^labs: your files' "$T/err" >"$T/else" || :
    t_same else ''
}

# The recipes of the page for teachers, as they stand there.
# recipe NAME [PAGE]
recipe() {
    sed -n "/^<!-- recipe $1 -->\$/,/^\`\`\`\$/p" "${2:-tests/labs/README.md}" | sed '1,2d;$d'
}
gradescope() {
    [ -e tests/labs/README.md ] || t_skip "no page"
    recipe gradescope >"$T/run_autograder"
    [ -s "$T/run_autograder" ]
    recipe gradescope tests/labs/README.zh-CN.md | cmp - "$T/run_autograder"
    mkdir -p "$T/autograder/submission" "$T/autograder/results"
    ln -s "$top" "$T/autograder/shm"
    echo 'int main(void) { return x; }' >"$T/autograder/submission/leak.c"
    sed -i "s,/autograder,$T/autograder,g" "$T/run_autograder"
    t_run env LAB=leak CHECKS="$checks" sh "$T/run_autograder"
    [ "$status" = 0 ] || t_fail "status $status: $(cat "$T/err")"
    cp "$T/autograder/results/results.json" "$T/json"
    t_says json '"score": 0' '"name": "leak: does not compile"' '"max_score": 1'
    if command -v python3 >/dev/null; then python3 -m json.tool "$T/json" >"$T/parsed"; fi
}
classroom() {
    [ -e tests/labs/README.md ] || t_skip "no page"
    recipe classroom >"$T/yaml"
    recipe classroom tests/labs/README.zh-CN.md | cmp - "$T/yaml"
    grep -q 'run: |' "$T/yaml"
    sed -n '/run: |/,$p' "$T/yaml" | sed '1d; s/^ *//' >"$T/step"
    mkdir -p "$T/tree/shm" "$T/tree/student/mmap/lab"
    cp -R Makefile tests data "$T/tree/shm"
    starter torn_read
    cp "$T/torn_read.c" "$T/tree/student/mmap/lab"
    cd "$T/tree"
    # sudo(8) may not be here, and would ask; namespaces may not be here, either.
    mkdir "$T/bin"
    printf '#!/bin/sh\nexec "$@"\n' >"$T/bin/sudo"
    chmod 755 "$T/bin/sudo"
    t_run env -u CHECKS PATH="$T/bin:$PATH" LAB=torn_read sh -e "$T/step"
    if grep -q 'no box of level' "$T/err"; then t_skip "$(cat "$T/err")"; fi
    if grep -q '^\[-\]' "$T/out"; then t_skip "$(head -n 1 "$T/out")"; fi
    [ "$status" = 1 ] || t_fail "status $status: $(cat "$T/out" "$T/err")"
    t_says out '^\[ \] torn_read  *a reader saw' '^0 of 1 done'
}

many=$(echo "$labs" | wc -w)
t_it "the checks compile" built
t_it "each level: right is right, and wrong is wrong" same_verdicts
t_it "a submission changes nothing, and leaves nothing" harmless
t_it "a check that was changed gives no verdict" hurt
t_it "a check that was killed says so" killer
t_it "the compiler is bounded, and reads nothing else" compiler
t_it "no secrets, no terminal, no other files" surroundings
t_it "a shared installation that is read-only" read_only
t_it "the suite in /opt: the box hides it" in_opt
t_it "labs-all: a row for each student and lab" everybody
t_it "labs-all: interrupted, leaves nothing" interrupted
t_it "labs-all: a progress line, on a terminal alone" progress
t_it "the recipe for Gradescope" gradescope
t_it "the recipe for GitHub Classroom" classroom
t_finish
