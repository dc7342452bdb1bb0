# shellcheck shell=bash
# The private PostgreSQL of ./dev run.
#
# One server per checkout, shared by all ./dev run of it: each holds a shared lock on .private/users while it runs,
# and the one that finds itself alone at its end stops the server. .private/lock lets one at a time start or stop it.
# Locks die with their process, so after a kill -9 the next run takes over the server that was left behind.
#
# The server listens on a socket only, in a folder of mode 0700: no port to collide with, no password to leak. The
# socket lies in /tmp because its path may not be longer than 107 bytes, and a checkout may lie deep.

home='' data='' owner='' server='' postmaster=() socket_folder=''

# PostgreSQL refuses to run as root. "cd /" since its owner may have no access to the current folder, and a session of
# its own so that Ctrl-C does not reach it.
as_owner() (
    cd /
    ((EUID)) || set -- setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
    exec setsid -w "$@" 8>&- 9>&-
)

# Sets home (the folder that we make), data (the server's, in it) and owner. The second place is for a checkout that
# the owner cannot reach (below /root, say) or whose file system has no modes; not /var/tmp, where old files are swept.
locate_database() {
    local far=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}
    ((EUID)) || far=/var/lib
    far+=/schemagate-$(printf %s "$PWD" | sha256sum | cut -c 1-12)
    home=$PWD/.private/postgres owner=$EUID
    [[ ! -d $far/data ]] || home=$far
    [[ ! -d $home ]] || owner=$(stat -c %u "$home")
    ((owner)) || owner=$(id -u postgres 2>/dev/null || id -u nobody)
    ((EUID == 0 || EUID == owner)) ||
        die "$home belongs to $(id -un "$owner"), since ./dev ran as root before: sudo ./dev run, or sudo ./dev reset"

    if [[ ${1:-} == create ]] && ! takes_data "$home"; then
        rmdir "$home" 2>/dev/null || true
        takes_data "$far" || die "neither $home nor $far can hold a database of user $(id -un "$owner")"
        say "$home is out of reach for user $(id -un "$owner"), so the database is kept in $far"
        home=$far
    fi
    data=$home/data
}

takes_data() {
    mkdir -p "$1" && chown "$owner" "$1" && chmod 700 "$1" && [[ $(stat -c %a "$1") == 700 ]] && as_owner test -w "$1"
} 2>/dev/null

# $1: the major version, where it matters; a database that is there knows its own.
find_server() {
    local version=${1:-}
    [[ ! -d $data ]] || version=$(as_owner cat "$data/PG_VERSION")
    server=$(dirname -- "$(server_binaries "$version" | tail -n 1)")
    [[ -x $server/pg_ctl ]] || die "the private database needs PostgreSQL $version: install it, or ./dev reset"
}

# Fills postmaster with the lines of the server's pid file: process id, data folder, start, port, socket folder, …
database_runs() {
    mapfile -t postmaster < <(as_owner cat "$data/postmaster.pid" 2>/dev/null)
    [[ -n ${postmaster[0]:-} ]] && as_owner test "/proc/${postmaster[0]}/cwd" -ef "$data"
}

create_database() {
    say "making a private PostgreSQL in $home, run by user $(id -un "$owner")"
    local log   # Made beside its place and renamed when complete: an interrupted run leaves nothing half-done.
    as_owner rm -rf "$data.new"
    log=$(as_owner "$server/initdb" -D "$data.new" -U postgres --auth-local=trust --auth-host=reject \
        --encoding=UTF8 --locale=C.UTF-8 2>&1) || die "initdb failed: $log"
    # The service gets an ordinary role that owns its database, as it would in production.
    log=$(printf 'create %s\n' 'role prompt_service login' 'database prompt_service owner prompt_service' |
        as_owner "$server/postgres" --single -D "$data.new" -c exit_on_error=true postgres 2>&1) || die "no role: $log"
    as_owner mv "$data.new" "$data"
}

start_database() {
    locate_database create
    unset "${!PG@}" "${!MIGRATION_DATABASE_URL@}"   # They are meant for another server.
    exec 8>.private/lock 9>.private/users
    flock 8
    if database_runs; then
        say "the private PostgreSQL in $home runs already"
    else
        find_server
        [[ -d $data ]] || create_database
        # After a crash another program may have got the old process id, and PostgreSQL would refuse to start. If no
        # process works in the data folder, not even an orphan of the old server, the file is a leftover.
        [[ -n $(as_owner find -L /proc -maxdepth 2 -name cwd -samefile "$data" -print -quit 2>/dev/null) ]] ||
            as_owner rm -f "$data/postmaster.pid"
        socket_folder=${postmaster[4]:-}
        as_owner test -O "$socket_folder" || socket_folder=$(as_owner mktemp -d /tmp/schemagate.XXXXXX)
        as_owner "$server/pg_ctl" start -w -D "$data" -l "$data/server.log" -o "-h '' -p 5432 -k $socket_folder" \
            >/dev/null || { as_owner tail -n 20 "$data/server.log" >&2; die 'the private PostgreSQL did not start'; }
        say "private PostgreSQL started, data in $home"
    fi
    database_runs && socket_folder=${postmaster[4]}
    flock -s 9
    flock -u 8
}

stop_database() {
    if database_runs; then
        find_server
        as_owner "$server/pg_ctl" stop -m fast -w -D "$data" >/dev/null || die "process ${postmaster[0]} did not stop"
        socket_folder=${postmaster[4]}
        say 'private PostgreSQL stopped'
    fi
    [[ -z $socket_folder ]] || as_owner rmdir "$socket_folder" 2>/dev/null || true
}

leave_database() {
    trap '' INT TERM HUP QUIT PIPE
    [[ -z $poller ]] || kill "$poller" 2>/dev/null || true
    [[ -e /proc/$$/fd/9 ]] || return 0   # It was not reached at all.
    flock 8
    flock -u 9
    flock -n 9 || { say 'private PostgreSQL left to the other ./dev run'; return 0; }
    stop_database
}


reset_command() {
    locate_database
    [[ -d $home ]] || { say 'there is no private PostgreSQL'; return; }
    mkdir -p .private
    exec 8>.private/lock 9>.private/users
    flock 8
    flock -n 9 || die 'a ./dev run is using the private PostgreSQL: end it first'
    stop_database
    say "removing $home"
    rm -rf -- "${home:?}"
}
