#!/usr/bin/env bash
# The image's own steps in a bare Debian made by debootstrap: container.bash runtime|build SOURCES PROGRAM
# runtime: container/runtime, then PROGRAM as the image's user on a root that is read-only. build: container/build before.
# 77: NOT RUN, since the machine cannot do it.
set -euo pipefail
stage=$1 sources=$2 program=$3
# shellcheck source=../debian_root.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/../debian_root.bash"
[[ $stage == build ]] || grep -qs '^VERSION_ID="12"' /etc/os-release ||
    not_run "the image is a Debian 12, and this machine's program is built for another system"
work=$(mktemp -d /tmp/schemagate-image.XXXXXX)
root=$work/root
leave() {
    ! mountpoint -q "$root" || umount "$root"
    ! mountpoint -q "$root/proc" || umount "$root/proc"
    rm -rf --one-file-system -- "${work:?}"
}
trap leave EXIT
trap 'exit 130' INT TERM
make_root bookworm "$root"
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
if [[ $stage == build ]]; then
    copy_sources "$sources" "$root/source"
    inside /source/app/deploy/container/build /source /out
    cp "$root/out/prompt-service" "$work/prompt-service"
    program=$work/prompt-service
    rm -rf -- "${root:?}"
    make_root bookworm "$root"
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
