#!/bin/sh
# tests/fresh.sh [RELEASE...] - the README's first two commands in new, minimal
# installations of Debian, as root and as an ordinary user
#
# debootstrap(8) --variant=minbase, then gcc, libc6-dev and make, and nothing
# else. It needs root, and a mirror: MIRROR, or the one of this machine.
cd "$(dirname "$0")/.." || exit 1
command -v debootstrap >/dev/null || {
    echo "skipped: debootstrap is not installed"
    exit 77
}
[ "$(id -u)" = 0 ] || {
    echo "skipped: only root can make an installation"
    exit 77
}
[ $# -gt 0 ] || set -- bookworm trixie
# In namespaces of its own, so that what is mounted goes with us.
if [ -z "${FRESH_INSIDE:-}" ]; then
    FRESH_INSIDE=yes unshare --mount --pid --fork --kill-child --mount-proc sh "$0" "$@"
    exit
fi
here=$(mktemp -d) || exit 1
trap 'umount "$here"/*/proc "$here"/*/dev/shm 2>/dev/null; rm -rf --one-file-system "$here"' EXIT
trap 'exit 1' HUP INT TERM
mirror=${MIRROR:-$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -n 's/^deb .*\(http[^ ]*\).*/\1/p; s/^URIs: *\(http[^ ]*\).*/\1/p' | head -n 1)}

failed=0
for release; do
    root=$here/$release
    debootstrap --variant=minbase --include=gcc,libc6-dev,make "$release" "$root" \
        "$mirror" >"$here/log" 2>&1 || {
        echo "not ok - $release cannot be installed"
        tail -n 5 "$here/log" | sed 's/^/# /'
        failed=1
        continue
    }
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev/shm"
    chroot "$root" useradd --create-home student
    for user in root student; do
        home=$(chroot "$root" sh -c "echo ~$user")/shm
        mkdir -p "$root$home"
        tar -cf - --exclude=./.git --exclude=./data/work --exclude=./.build . |
            tar -xf - -C "$root$home"
        make -s -C "$root$home" clean # as cloned
        chroot "$root" chown -R "$user" "$home"
        for command in 'make && ./mmap/parent_child' 'make test'; do
            begun=$(date +%s)
            # shellcheck disable=SC2016 # for the shell in there
            env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" \
                setpriv --reuid="$user" --regid="$user" --init-groups \
                sh -c 'export HOME=~ && cd "$0" && eval "$1"' "$home" "$command" \
                >"$here/log" 2>&1 </dev/null
            result=$?
            if [ $result = 0 ]; then
                echo "ok - $release, $user: $command:" \
                    "$(tail -n 1 "$here/log") ($(($(date +%s) - begun)) s)"
                grep '^skipped: ' "$here/log"
            else
                echo "not ok - $release, $user: $command: status $result"
                grep -v '^ok' "$here/log" | tail -n 40 | sed 's/^/# /'
                failed=1
            fi
        done
    done
done
exit $failed
