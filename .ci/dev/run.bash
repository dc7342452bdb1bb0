# shellcheck shell=bash
# ./dev run: the service, on a private PostgreSQL where the environment names none.

service='' poller='' host='' port='' key_file=.private/admin.header

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
        "     curl $at/readyz"
    make_key "$at" && show_requests "$at"
    printf '%s\n' ${socket_folder:+"     psql -h $socket_folder -U prompt_service prompt_service"} '     Ctrl-C stops it' ''
}

# An administrator's key, as a header that curl reads from a file: no key stands in an argument or on the terminal.
make_key() {
    local key
    [[ ! -s $key_file ]] || ! curl -fsS -o /dev/null -H "@$key_file" "$1/v1/keys" 2>/dev/null || return 0
    key=$(build/release/app/prompt-service keys create --scope admin --name "./dev run" 2>/dev/null) || return 1
    (umask 077 && printf 'Authorization: Bearer %s\n' "$key" >"$key_file")
}

show_requests() {
    local at=$1 send="curl -H @$key_file -H 'Content-Type: application/json'"
    printf '%s\n' '     With the key of an administrator, which is in '"$key_file"': fetch, create, promote, render, block, look' \
        "     curl -H @$key_file $at/v1/prompts/nlu_topic_extraction" \
        "     $send $at/v1/prompts -d '{\"name\":\"demo/greeting\",\"template\":\"Hello {{ name }}!\"}'" \
        "     $send -X PUT $at/v1/prompts/demo%2Fgreeting/labels/production -d '{\"version\":1,\"reason\":\"first\"}'" \
        "     $send $at/v1/prompts/demo%2Fgreeting/render -d '{\"variables\":{\"name\":\"Ada\"}}'" \
        "     $send $at/v1/prompts/demo%2Fgreeting/render -d '{\"variables\":{\"name\":\"my number is 078-05-1120\"}}'" \
        "     curl -H @$key_file '$at/v1/executions?prompt=demo/greeting'" \
        "     curl $at/openapi.json lists every request" \
        "     $at/ is the page, for a browser; it asks for the key behind \"Bearer\" in $key_file"
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
