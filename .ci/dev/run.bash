# shellcheck shell=bash
# ./dev run: the service, on a private PostgreSQL where the environment names none.

service='' poller='' host='' port=''

ask() (
    exec 3<>"/dev/tcp/$host/$port"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3 && timeout 2 cat <&3
) 2>/dev/null

announce_when_ready() {
    local answer at=http://$host:$port
    until answer=$(ask /readyz) && [[ $answer == HTTP/*' 200 '* ]]; do
        kill -0 "$service" 2>/dev/null || return 0
        sleep 0.2
    done
    printf '%s\n' '' "dev: listening on $at, first answer after $SECONDS s. To try:" \
        "     curl $at/readyz" "     curl $at/v1/prompts/nlu_topic_extraction" \
        ${socket_folder:+"     psql -h $socket_folder -U prompt_service prompt_service"} '     Ctrl-C stops it' ''
}

pass_on() {
    interrupted=yes
    [[ -n $service ]] || exit 143
    kill -s "$1" "$service" 2>/dev/null || true
}

serve() {
    local argument previous='' interrupted=not-yet status
    host=${HOST:-} port=${PORT:-8080}
    for argument in "$@"; do
        case $argument in --port=*) port=${argument#*=} ;; --host=*) host=${argument#*=} ;; esac
        case $previous in --port) port=$argument ;; --host) host=$argument ;; esac
        previous=$argument
    done
    case $host in '' | 0.0.0.0 | ::) host=127.0.0.1 ;; esac
    [[ -z $socket_folder ]] ||
        export DATABASE_URL="postgresql:///prompt_service?host=$socket_folder&port=5432&user=prompt_service"

    # If somebody else answers on that port, the service will say so, and the answers are not its own.
    ask / >/dev/null || poller=wanted
    set -m   # A process group of its own: exactly one signal reaches the service, whoever sent it.
    setpriv --pdeathsig TERM build/release/app/prompt-service "$@" 8>&- &
    service=$!
    set +m
    [[ -z $poller ]] || { announce_when_ready 8>&- 9>&- & poller=$!; }
    while [[ -n $interrupted ]]; do   # A trapped signal ends `wait` before the service has ended.
        interrupted='' status=0
        wait "$service" || status=$?
    done
    say "the service ended with exit code $status"
    return "$status"
}


run_command() {
    build app/prompt-service
    trap 'pass_on INT' INT
    trap 'pass_on TERM' TERM HUP QUIT
    if [[ ${DATABASE_URL+set}${DATABASE_URL_FILE+set} || -e ${CREDENTIALS_DIRECTORY:-/nonexistent}/database_url ]]; then
        say 'the environment names a database, so no private PostgreSQL is started'
    else
        trap leave_database EXIT
        start_database
    fi
    serve "$@"
}
