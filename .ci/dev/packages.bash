# shellcheck shell=bash
# What the machine lacks is installed: as root or through sudo, said before it is done. packages.table has the names.

# shellcheck source=/dev/null # every system's is its own
system=$(. /etc/os-release 2>/dev/null && printf '%s-%s' "${ID:-}" "${VERSION_ID:-}") || system=unknown

# The packages that these roles or commands take on this system; on one that the table lacks, Debian 12's names.
packages_of() {
    awk -v on="$system" -v wanted="$*" '
        BEGIN { split(wanted, words, " ") }
        $1 == "role" { column = 3; for (i = 4; i <= NF; ++i) if ($i == on) column = i }
        /^[^#]/ && $1 != "role" {
            name = $column == "=" ? $3 : $column
            for (i in words) if (name != "-" && ($1 == words[i] || index("," $2 ",", "," words[i] ","))) print name
        }' .ci/dev/packages.table
}

mapfile -t packages < <(packages_of build)
need() { mapfile -t -O "${#packages[@]}" packages < <(packages_of "$@"); }
# clang-14 is the package, clang++-14 the program.
clang_compiler() { packages_of clang | sed 's/clang/&++/'; }

# shellcheck disable=SC2120 # the version is optional
server_binaries() { compgen -G "/usr/lib/postgresql/${1:-*}/bin/initdb" | sort -V || command -v initdb; }

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        [[ $package != postgresql-* || -z $(server_binaries) ]] || continue
        [[ $package != npm ]] || ! command -v npm >/dev/null || continue   # Node's own packages hold it.
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

logged() {
    "$@" </dev/null >>.private/install.log 2>&1 ||
        { tail -n 20 .private/install.log >&2; die "failed: $* (all output: .private/install.log)"; }
}

install_missing() {
    if [[ ! $(grep '^role' .ci/dev/packages.table) =~ \ $system(\ |$) ]]; then
        command -v g++ cmake ninja ccache "$(server_binaries | tail -n 1)" | { (($(wc -l) == 5)); } ||
            die ".ci/dev/packages.table has no column for this system, $system; please install the equivalents of: ${packages[*]}"
        return 0   # A library that is missing will be named by CMake.
    fi
    local -a missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0

    # RUNLEVEL: what is installed for the tests is not to be started as a service.
    local -a apt=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C RUNLEVEL=1 apt-get -q -o DPkg::Lock::Timeout=300)
    local -a install=("${apt[@]}" -o APT::Keep-Downloaded-Packages=false install --no-install-recommends "${missing[@]}")
    local no_cluster=/etc/postgresql-common/createcluster.d/schemagate.conf

    say "this machine lacks: ${missing[*]}"
    ((EUID == 0)) || command -v sudo >/dev/null ||
        die "there is no sudo; please run as root: apt-get install --no-install-recommends ${missing[*]}"
    as_root true || die 'sudo did not allow the installation'
    say 'installing that with apt-get (update, then install; its output: .private/install.log)'
    logged as_root "${apt[@]}" update
    "${install[@]}" --print-uris -o Debug::NoLocking=1 2>/dev/null | grep -E '^(Need to get|After this)' || true
    say 'all else stays in build/, .private/ and the folder of ccache'
    # Without this file Debian's package makes a cluster "main" and starts it on port 5432, the first time that it is
    # configured. Afterwards the file is taken away again: what the user installs later is the user's affair.
    if [[ -z $(server_binaries) ]]; then
        say "no PostgreSQL server gets created or started on port 5432: until apt-get is done, $no_cluster says so"
        echo 'create_main_cluster = false' >.private/no_cluster
        as_root install -D -m 644 .private/no_cluster "$no_cluster"
    fi
    logged as_root "${install[@]}" --yes
    [[ ! -e $no_cluster ]] || as_root rm "$no_cluster"
    local service
    for service in pgbouncer prometheus; do
        if [[ " ${missing[*]} " == *" $service "* && -d /run/systemd/system ]]; then
            logged as_root systemctl disable --now "$service.service"
        fi
    done
    say "installed after $SECONDS s"
}
