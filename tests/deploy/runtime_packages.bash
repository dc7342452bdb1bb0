#!/usr/bin/env bash
# The image holds the libraries that the program needs, and no others: runtime_packages.bash PROGRAM LIST
# Compares container/runtime-packages with the Debian packages of the program's own (NEEDED) libraries. 77: NOT RUN.
set -euo pipefail
program=$1 list=$2
if ! command -v dpkg-query readelf ldd >/dev/null || ! grep -qs '^VERSION_ID="12"' /etc/os-release; then
    echo 'NOT RUN: the names of packages are those of Debian 12'
    exit 77
fi
if grep -q 'not found' <<<"$(ldd "$program")"; then ldd "$program" && exit 1; fi
packages_of() {
    local library path
    while read -r library; do
        path=$(ldd "$program" | awk -v l="$library" '$1 == l { print $3 }')
        [[ $library != libasan* && $library != libtsan* && $library != libubsan* ]] || continue # a sanitizer's build
        # dpkg may know the file as /lib/… or as /usr/lib/….
        { dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "$(realpath "$path")"; } | sed 's/:.*//' | head -n 1
    done < <(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
}
# libc6 is Debian itself; ca-certificates are read by libpq, for sslrootcert.
wanted=$(packages_of | grep -v '^libc6$' | sort -u)
listed=$(grep -vxF ca-certificates "$list" | sort -u)
(($(wc -l <<<"$wanted") >= 5)) || { echo "too few libraries were found: $wanted" && exit 1; }
diff --label "needed by $program" --label "$list" -u <(echo "$wanted") <(echo "$listed")
