#!/usr/bin/env bash
# ./dev test in a bare Debian 13 made by debootstrap, for the unit and engine suites: debian_13.bash SOURCES CCACHE
# CCACHE: a folder that is kept, so that the next run compiles what changed. 77: NOT RUN, since the machine cannot do it.
set -euo pipefail
sources=$1 ccache=$2
# shellcheck source=debian_root.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/debian_root.bash"

# Mounts and processes of its own: however this ends, none of them is left.
if [[ ! ${DEBIAN_13_ALONE:-} ]]; then
    unshare --mount --pid --fork true 2>/dev/null || not_run 'unshare may not make a namespace'
    DEBIAN_13_ALONE=yes exec unshare --mount --pid --fork --kill-child "$0" "$@"
fi
work=$(mktemp -d /tmp/schemagate-debian-13.XXXXXX)
root=$work/root
trap 'umount "$root/ccache" "$root/dev/shm" "$root/dev/pts" "$root/proc" 2>/dev/null || true
      rm -rf --one-file-system -- "${work:?}"' EXIT
trap 'exit 130' INT TERM
make_root trixie "$root"
copy_sources "$sources" "$root/root/schemagate"
mkdir -p "$ccache" "$root/ccache"
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount --bind "$ccache" "$root/ccache"
chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CCACHE_DIR=/ccache \
    ${npm_config_registry:+npm_config_registry="$npm_config_registry"} /root/schemagate/dev test -L '^(unit|database)$'
