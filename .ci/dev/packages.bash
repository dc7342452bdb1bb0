# shellcheck shell=bash
# What the machine lacks is installed: Debian 12, as root or through sudo, said before it is done.

packages=(
    g++ cmake ninja-build ccache
    libsoci-dev libboost1.81-dev libboost-json1.81-dev libspdlog-dev libcli11-dev libpq-dev libssl-dev
    prometheus-cpp-dev libsystemd-dev catch2
    curl            # not for any of our programs: for the commands that ./dev run prints
    postgresql-15   # any server that is installed already will do instead
    pgbouncer yq    # for the tests alone
    ca-certificates # curl fetches other versions of PostgreSQL for the tests
)

# shellcheck disable=SC2120 # the version is optional
server_binaries() { compgen -G "/usr/lib/postgresql/${1:-*}/bin/initdb" | sort -V || command -v initdb; }

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        [[ $package != postgresql-15 || -z $(server_binaries) ]] || continue
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

logged() {
    "$@" </dev/null >>.private/install.log 2>&1 ||
        { tail -n 20 .private/install.log >&2; die "failed: $* (all output: .private/install.log)"; }
}

install_missing() {
    if [[ $(grep -sE '^(ID|VERSION_ID)=' /etc/os-release | sort | tr -d '"\n') != ID=debianVERSION_ID=12 ]]; then
        command -v g++ cmake ninja ccache "$(server_binaries | tail -n 1)" | { (($(wc -l) == 5)); } ||
            die "this is not Debian 12; please install the equivalents of: ${packages[*]}"
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
