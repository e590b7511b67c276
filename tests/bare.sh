#!/bin/sh
# tests/bare.sh - the README's first two commands, with little installed
#
# In a folder are links to the tools of Debian's essential packages, to cc and to
# make, and nothing else: no git, man, ps, perl, strace. With this folder as the
# PATH, in a copy without .git, both commands must work: as we are, and as an
# ordinary user.
cd "$(dirname "$0")/.." || exit 1
command -v dpkg-query >/dev/null || {
    echo "skipped: dpkg-query(1) is not here to say which packages are essential"
    exit 77
}
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$here"
mkdir "$here/bin" "$here/home"

# perl-base is essential, and no test is to need it; awk is asked for by
# base-files, and one of several.
dpkg-query -W -f '${Essential} ${Package}\n' | sed -n 's/^yes //p' |
    grep -v perl >"$here/packages"
# shellcheck disable=SC2046 # words
for file in $(dpkg-query -L $(cat "$here/packages") | grep '/s\?bin/') \
    /usr/bin/awk /usr/bin/cc /usr/bin/make /usr/bin/as /usr/bin/ld /usr/bin/sh; do
    # What lies in /bin is named /bin/NAME or /usr/bin/NAME.
    for place in "$file" "/usr$file"; do
        [ ! -x "$place" ] || [ -d "$place" ] || ln -sf "$place" "$here/bin/${file##*/}"
    done
done
for tool in git man ps perl python3 gdb strace; do
    [ ! -e "$here/bin/$tool" ] || { echo "not ok - $tool is there"; exit 1; }
done

failed=0
# bare WHO COMMAND...: a fresh copy, and both commands in it.
bare() {
    who=$1
    shift
    rm -rf "$here/tree"
    mkdir "$here/tree"
    tar -cf - --exclude=./.git --exclude=./data/work --exclude=./.build . |
        tar -xf - -C "$here/tree"
    make -s -C "$here/tree" clean # as cloned
    chmod -R a+rX "$here/tree"
    [ "$#" = 0 ] || chown -R 65534:65534 "$here/tree" "$here/home"
    for command in 'make && ./mmap/parent_child' 'make test'; do
        begun=$(date +%s)
        (cd "$here/tree" && "$@" env -i PATH="$here/bin" HOME="$here/home" \
            sh -c "$command") >"$here/log" 2>&1 </dev/null
        result=$?
        if [ $result = 0 ] && case $command in
            *parent_child) grep -qx '你是我儿子吗？' "$here/log" ;;
            esac; then
            echo "ok - $who: $command: $(tail -n 1 "$here/log") ($(($(date +%s) - begun)) s)"
            grep '^skipped: ' "$here/log"
        else
            echo "not ok - $who: $command: status $result"
            sed 's/^/# /' "$here/log" | grep -v '^# ok'
            failed=1
        fi
    done
}
bare "$(id -un)" ${1+"$@"}
if [ "$(id -u)" = 0 ]; then
    bare "user 65534" setpriv --reuid=65534 --regid=65534 --clear-groups
else
    echo "skipped: as another user: we are not root"
fi
exit $failed
