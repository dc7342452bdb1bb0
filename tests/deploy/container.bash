#!/usr/bin/env bash
# The image's own steps in a bare Debian made by debootstrap: container.bash runtime|build SOURCES PROGRAM
# runtime: container/runtime, then PROGRAM as the image's user on a root that is read-only. build: container/build before.
# 77: NOT RUN, since the machine cannot do it.
set -euo pipefail
stage=$1 sources=$2 program=$3
not_run() { echo "NOT RUN: $*" && exit 77; }
((EUID == 0)) || not_run 'only root may use chroot and debootstrap'
command -v debootstrap >/dev/null || not_run 'debootstrap is not installed (apt-get install debootstrap)'
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d /tmp/schemagate-image.XXXXXX)
root=$work/root
leave() {
    ! mountpoint -q "$root" || umount "$root"
    ! mountpoint -q "$root/proc" || umount "$root/proc"
    rm -rf --one-file-system -- "${work:?}"
}
trap leave EXIT
trap 'exit 130' INT TERM
if ! debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1; then
    tail -n 5 "$work/log"
    not_run "debootstrap could not make a Debian 12 from $mirror"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
# apt finds the mirror as this machine does.
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*roxy*; do [[ ! -f $file ]] || cp "$file" "$root/etc/apt/apt.conf.d/"; done
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
if [[ $stage == build ]]; then
    mkdir "$root/source"
    tar -C "$sources" --exclude=./build --exclude=./.private --exclude=./.git -c . | tar -C "$root/source" -x
    inside /source/app/deploy/container/build /source /out
    cp "$root/out/prompt-service" "$work/prompt-service"
    program=$work/prompt-service
    rm -rf -- "${root:?}"
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1
    cp /etc/resolv.conf "$root/etc/resolv.conf"
fi
mkdir "$root/tmp/container"
cp "$sources"/app/deploy/container/{runtime,runtime-packages} "$root/tmp/container/"
inside /tmp/container/runtime /tmp/container
rm -r "$root/tmp/container"
install -m 755 "$program" "$root/usr/local/bin/prompt-service"

echo 'the program as the image runs it: user 65532, nothing of / can be written'
mount --bind "$root" "$root" && mount -o remount,ro,bind "$root"
as_image() { # prints the output; the exit code is the program's
    chroot --userspec=65532:65532 --groups= "$root" /usr/bin/env -i PATH=/usr/bin "$@" 2>&1
}
expect() { # CODE TEXT COMMAND …
    local code=0 output
    output=$(as_image "${@:3}") || code=$?
    [[ $code == "$1" && $output == *"$2"* ]] || { echo "expected $1 and '$2', got $code: $output" && exit 1; }
    echo "  $code from ${*:3}"
}
expect 0 65532 id -u
expect 1 'Read-only file system' touch /tmp/file
expect 0 prompt-service /usr/local/bin/prompt-service --version
expect 78 url-missing /usr/local/bin/prompt-service serve
expect 69 boot_failed DATABASE_URL=postgresql://u:p@127.0.0.1:1/d SCHEMAGATE_CONNECT_WAIT=1s HOST=127.0.0.1 PORT=18080 \
    /usr/local/bin/prompt-service serve
