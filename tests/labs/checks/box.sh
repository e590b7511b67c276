#!/bin/sh
# tests/labs/checks/box.sh - run what somebody has handed in where it can hurt nobody
#
#     sh box.sh LEVEL FOLDER COMMAND [ARGUMENT]...
#
# The command finds FOLDER/lab as .., and its current folder is FOLDER/lab/in, the
# only one that it is meant to write to. LEVEL is one of these:
#
#   namespaces  a root folder of its own: the system's programs and FOLDER/lab,
#               read-only, and nothing else of this machine's files. Processes,
#               System V objects, message queues, /dev/shm, /tmp, terminals and
#               network of its own, too; all of that, and every process that was
#               left running, ends with it. Where root starts it, the command runs
#               as the user 65534. Needs a kernel that lets us have namespaces,
#               unshare(1).
#   user        for root, where there are no namespaces (as in most containers):
#               the command runs as a user that nobody else is. At the end all
#               processes and objects of this user are removed.
#   none        as whoever started it.
#
# On each level there are limits on memory, CPU time, processes and files; the
# environment is a short list of variables, there is no terminal, and a set-user-ID
# program gives no rights.
#
# BOX_IN=keep: what the command writes to FOLDER/lab/in is there afterwards.
# BOX_CPU: seconds of CPU time for each process. BOX_PROCESSES: how many the user may
# have. BOX_TOOLS: one more folder with programs that the command needs.
#
# The exit status is the command's; 125: there is no such box here.
dir=$(dirname "$0")
top=$(cd "$dir/../../.." && pwd)
whole=1879048192 few=61184 # users that nobody is: the second where users end at 65535

# bounded COMMAND...: with its limits, and without our descriptors: a make or a
# shell above us may have left some open.
bounded() {
    for name in PATH CPATH C_INCLUDE_PATH LIBRARY_PATH LC_ALL TZ \
        $(env | sed -n 's/^\(CHECK_[A-Z_]*\)=.*/\1/p'); do
        eval "[ -z \"\${$name+x}\" ] || set -- \"$name=\$$name\" \"\$@\""
    done
    # In a session of its own: a terminal of ours would take typing from there.
    set -- setsid --wait env -i HOME=/ "$@"
    if command -v prlimit >/dev/null; then
        set -- prlimit --core=0 --cpu="${BOX_CPU:-300}" --as=1073741824 \
            --fsize=67108864 --nofile=256 ${BOX_PROCESSES:+--nproc="$BOX_PROCESSES"} "$@"
    fi
    "$@" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

# --- level namespaces -----------------------------------------------------------

namespaces() {
    command -v mount >/dev/null && mkdir -p "$folder/root" || exit 125
    set -- --mount --ipc --net --pid --fork --kill-child \
        sh "$dir/box.sh" inside "$folder" "$@"
    BOX_UID=$(id -u) BOX_GID=$(id -g)
    export BOX_UID BOX_GID
    if [ "$BOX_UID" != 0 ]; then set -- --user --map-root-user "$@"; fi
    # unshare(1) does not heed TERM; when it is killed, the kernel ends all in there.
    trap 'kill -KILL $!; wait $!; exit 143' TERM INT HUP
    unshare "$@" &
    wait $!
}

# A name as fstab(5) has it: blanks, tabs, newlines and backslashes are numbers.
escaped() {
    printf %s "$1" | awk '{
        gsub(/\\/, "\\134"); gsub(/ /, "\\040"); gsub(/\t/, "\\011")
        printf "%s%s", (NR > 1 ? "\\012" : ""), $0 }'
}

# What is mounted below the root folder, for one call of mount(8).
mounts() {
    safe=nosuid,nodev in=$(escaped "$folder/lab/in") tools=
    [ -z "${BOX_TOOLS:-}" ] || tools=$(escaped "$BOX_TOOLS")
    for part in usr bin sbin lib lib32 lib64 libx32 etc opt nix gnu; do
        [ ! -d "$part" ] || [ -L "$part" ] || line "/$part" "/$part" none rbind,ro
    done
    # This suite may be in one of these, and right solutions in it.
    case $top in
    /usr/* | /bin/* | /sbin/* | /lib*/* | /etc/* | /opt/* | /nix/* | /gnu/*)
        line tmpfs "$(escaped "$top")" tmpfs "mode=0755,size=4k,$safe"
        ;;
    esac
    for part in null zero full random urandom tty; do
        line "/dev/$part" "/dev/$part" none bind
    done
    line tmpfs /dev/shm tmpfs "mode=1777,size=64m,$safe"
    line tmpfs /tmp tmpfs "mode=1777,size=64m,$safe"
    [ -z "$tools" ] || line "$tools" "$tools" none rbind,ro,X-mount.mkdir
    line mqueue /dev/mqueue mqueue "$safe"
    line devpts /dev/pts devpts newinstance,ptmxmode=0666,mode=0600,nosuid,noexec
    line proc /proc proc "$safe,noexec"
    if [ "${BOX_IN:-}" = keep ]; then
        line "$in" /lab/in none bind
    else
        line tmpfs /lab/in tmpfs "mode=0755,size=64m,$safe"
    fi
}
line() {
    printf '%s %s%s %s %s 0 0\n' "$1" "$place" "$2" "$3" "$4"
}

# Process 1 of the namespaces, and root there: it makes the root folder and starts
# the command.
inside() {
    root=$folder/root place=$(escaped "$folder/root")
    mount -t tmpfs -o mode=0755,size=64m tmpfs "$root" && cd "$root" || exit 125
    mkdir dev dev/pts dev/shm dev/mqueue proc tmp var lab lab/in || exit 125
    ln -s ../tmp var/tmp
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ln -s /proc/self/fd/0 dev/stdin
    ln -s /proc/self/fd/1 dev/stdout
    ln -s /proc/self/fd/2 dev/stderr
    for part in usr bin sbin lib lib32 lib64 libx32 etc opt nix gnu; do
        if [ -L "/$part" ]; then cp -P "/$part" .; elif [ -d "/$part" ]; then mkdir "$part"; fi
    done
    for part in null zero full random urandom tty; do : >"dev/$part"; done
    mounts >list && mount --all --fstab list && rm list || exit 125
    for part in "$folder"/lab/*; do
        [ "$part" = "$folder/lab/in" ] && [ "${BOX_IN:-}" = keep ] ||
            cp -R "$part" lab || exit 125
    done
    # The numbers of processes begin somewhere else each time.
    (echo $((1000 + $(od -An -N2 -tu2 /dev/urandom) % 30000)) \
        >/proc/sys/kernel/ns_last_pid) 2>/dev/null
    # unshare(1) enters the root folder as the last thing that it may do. The command
    # gets no user namespace of its own: the kernel gives none to one that has
    # another root folder.
    if [ "$BOX_UID" = 0 ]; then
        chown -R 65534:65534 lab/in || exit 125
        mount -o remount,bind,ro "$root" || exit 125
        bounded unshare --root="$root" --wd=/lab/in setpriv --reuid=65534 --regid=65534 \
            --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
    else
        mount -o remount,bind,ro "$root" || exit 125
        bounded unshare --user --map-user="$BOX_UID" --map-group="$BOX_GID" \
            --root="$root" --wd=/lab/in setpriv --no-new-privs "$@"
    fi
}

# --- level user -----------------------------------------------------------------

as_user() {
    "$limited" setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all \
        --bounding-set=-all --no-new-privs "$@"
}
user() {
    [ "$(id -u)" = 0 ] || exit 125
    cd "$folder/lab/in" || exit 125
    limited='command'
    for user in $((whole + $$)) $((few + $$ % 4000)); do
        grep -q "^Uid:.*[^0-9]${user}[^0-9]" /proc/[0-9]*/status 2>/dev/null && continue
        as_user test -x . && break
        user=
    done 2>/dev/null
    [ -n "$user" ] || exit 125
    chown -R "$user:$user" . || exit 125
    trap 'kill -KILL $!; remove_user; exit 143' TERM INT HUP
    limited='bounded'
    as_user "$@" &
    wait $!
    status=$?
    remove_user
    return "$status"
}
# Its processes, until none is left; its files; its System V objects.
remove_user() {
    trap '' TERM INT HUP
    limited='command'
    while cat /proc/[0-9]*/status | awk -v user="$user" '
        /^State:/ { dead = $2 == "Z" || $2 == "X" }
        /^Uid:/ && $2 == user && !dead { any = 1 }
        END { exit !any }'; do
        as_user sh -c 'kill -KILL -1'
        sleep 0.02
    done
    chown -R 0:0 "$folder/lab/in"
    find /tmp /var/tmp /dev/shm /dev/mqueue -xdev -user "$user" -delete
    for kind in shm:-m sem:-s msg:-q; do
        awk -v user="$user" -v option="${kind#*:}" '
            NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
            NR > 1 && $at["uid"] == user { print option, $2 }' "/proc/sysvipc/${kind%:*}"
    done | as_user xargs -r -n 2 ipcrm # the kernel asks for the owner, or more than root
} 2>/dev/null

# --- level none -----------------------------------------------------------------

none() {
    cd "$folder/lab/in" || exit 125
    trap 'kill $!; sleep 0.2; kill -KILL $!; exit 143' TERM INT HUP
    bounded setpriv --no-new-privs "$@" &
    wait $!
}

level=$1 folder=$2
shift 2
case $level in
namespaces | user | none | inside) ;;
*) exit 125 ;;
esac
"$level" "$@"
exit
