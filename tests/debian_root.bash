# shellcheck shell=bash
# A bare Debian, made by debootstrap, for the tests that need one: they source this.
# 77: NOT RUN, since the machine cannot do it.

not_run() { echo "NOT RUN: $*" && exit 77; }
((EUID == 0)) || not_run 'only root may use chroot and debootstrap'
command -v debootstrap >/dev/null || not_run 'debootstrap is not installed (apt-get install debootstrap)'

# SUITE FOLDER: what apt needs on this machine (name servers, proxies, certificates) it gets there as well.
make_root() {
    local suite=$1 root=$2 mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian} file
    if ! debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1; then
        tail -n 5 "$root.log"
        not_run "debootstrap could not make a Debian $suite from $mirror"
    fi
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*roxy*; do
        [[ ! -f $file ]] || cp "$file" "$root/etc/apt/apt.conf.d/"
    done
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
}

# SOURCES FOLDER: as a clean checkout has them, but for .git.
copy_sources() {
    mkdir "$2"
    tar -C "$1" --exclude=./build --exclude=./.private --exclude=./.git -c . | tar -C "$2" -x
}
