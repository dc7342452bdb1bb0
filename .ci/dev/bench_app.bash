# shellcheck shell=bash
# ./dev bench app: the service beside peers and a floor, in turn, in one run on one PostgreSQL.
#
# Servers, and the floor's client, run on core 0; wrk and PostgreSQL on core 1. Each round asks every server for
# every case, the next one in the opposite order, so that a busy moment meets all. Figures go to $home/figures, a line
# each: round, case, server, requests or rows a second, p50 and p99 in ms, microseconds of CPU a request, errors.
# tests/bench/app/verdict.awk makes the table of them.

bench_source=$PWD/tests/bench/app bench_npm=$PWD/.private/bench bench_seconds=5
bench_peers=()
declare -A bench_port=() bench_pid=()

# The peers that can run here; for each other one a NOT RUN.
bench_find_peers() {
    bench_peers=(service)
    mkdir -p "$bench_npm"
    cp "$bench_source/fastify.mjs" "$bench_npm"
    if (packages=() && need bench-npm && install_missing) && command -v npm >/dev/null &&
        bench_install_npm; then
        bench_peers+=(fastify)
    else
        say 'NOT RUN: fastify, since npm or its registry is not reached'
    fi
    if (packages=() && need bench-python && install_missing) &&
        /usr/bin/python3 -c 'import fastapi, psycopg2, sqlalchemy, uvicorn' 2>/dev/null; then
        bench_peers+=(earlier)
    else
        say "NOT RUN: the earlier system's shape, since python3-fastapi and what else it takes cannot be installed"
    fi
}

bench_install_npm() {
    cmp -s "$bench_source/package.json" "$bench_npm/installed.json" && return
    cp "$bench_source/package.json" "$bench_npm"
    npm install --prefix "$bench_npm" --ignore-scripts --no-audit --no-fund >"$bench_npm/install.log" 2>&1 &&
        cp "$bench_source/package.json" "$bench_npm/installed.json"
}

# NAME COMMAND ...: on core 0, until it answers.
bench_start() {
    local name=$1 tries=0
    bench_port[$name]=$((20000 + RANDOM % 10000))
    PORT=${bench_port[$name]} taskset -c 0 "${@:2}" >"$home/$name.log" 2>&1 &
    bench_pid[$name]=$!
    until curl -sf -o "$home/answer" -H "Authorization: Bearer $BENCH_KEY" "$(bench_url "$name" "$bench_ready")"; do
        kill -0 "${bench_pid[$name]}" 2>/dev/null && ((++tries < 300)) ||
            die "$name did not become ready: $(tail -n 5 "$home/$name.log")"
        sleep 0.1
    done
}

bench_leave() {
    ((${#bench_pid[@]} == 0)) || kill "${bench_pid[@]}" 2>/dev/null || true
    wait "${bench_pid[@]}" 2>/dev/null || true
    ci_leave
}

bench_url() { echo "http://127.0.0.1:${bench_port[$1]}/$2"; }

# SERVER METHOD PATH BODY
bench_ask() {
    curl -sS --fail-with-body -X "$2" -H "Authorization: Bearer $BENCH_KEY" -H 'Content-Type: application/json' \
        --data "$4" "$(bench_url "$1" "$3")" || die "$1 refused $2 $3"
}

# Two prompts, through the service: one whose answer is about 690 bytes, one whose template is about 600.
bench_prompts() {
    local words='You explain to a learner of the given grade, with short sentences, examples from daily life and one question at the end. '
    local render="$words$words$words$words"'Topic: {{ topic }}. Grade: {{ grade }}. Interests: {{ interests }}. Length: {{ seconds }} s. Question: {{ question }}'
    bench_ask service POST v1/prompts '{"name":"bench-fetch","category":"bench","template":"'"$words$words$words"'Topic: {{ topic }}, please."}'
    bench_ask service POST v1/prompts/bench-fetch/versions '{"template":"'"$words"'{{ topic }}"}'
    bench_ask service POST v1/prompts '{"name":"bench-render","category":"bench","template":"'"$render"'"}'
    bench_ask service PUT v1/prompts/bench-fetch/labels/production '{"version":1}'
    bench_ask service PUT v1/prompts/bench-render/labels/production '{"version":1}'
}

sql() { "$server/psql" -XqAt -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "$1"; }
# Clock ticks of 10 ms that all threads of a server have used.
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/${bench_pid[$1]}/stat"; }
resident_kb() { awk '/^VmRSS/ {print $2}' "/proc/${bench_pid[$1]}/status"; }
sum() { awk "BEGIN {printf \"%.3f\", ($1)}"; }
# ROUND CASE SERVER FIGURE ...
note() { echo "$*" >>"$home/figures"; }

# SERVER PATH: sets requests, seconds, p50, p99, errors and cpu of a load of wrk.
bench_load() {
    local before after line
    before=$(ticks "$1")
    line=$(taskset -c 1 wrk -t 1 -c 32 --timeout 10s -d "${bench_seconds}s" --latency -s "$bench_source/load.lua" \
        "$(bench_url "$1" "$2")" | grep ^DONE) || die "wrk failed on $1 $2"
    after=$(ticks "$1") || die "$1 has ended: $(tail -n 3 "$home/$1.log")"
    read -r _ requests seconds p50 p99 errors <<<"$line"
    cpu=$(sum "$((after - before)) * 1e4 / ($requests + !$requests)")
}

# Until each server has answered 10,000 requests of a kind, so that Node has compiled what it will; ten loads at most,
# and one of the interpreter, which compiles nothing.
bench_warm_up() {
    local name case done_so_far loads most
    for name in "${bench_peers[@]}"; do
        most=10
        [[ $name != earlier ]] || most=1
        for case in fetch render; do
            done_so_far=0 loads=0
            until ((done_so_far >= 10000 || loads >= most)); do
                bench_"$case" 0 "$name"
                done_so_far=$((done_so_far + requests)) loads=$((loads + 1))
            done
        done
    done
}

# How many rows of the log are there, once no more come.
logged_rows() {
    local rows=-1 more
    while more=$(sql 'select count(*) from prompt_executions') && ((more != rows)); do
        rows=$more
        sleep 0.5
    done
    echo "$rows"
}

bench_fetch() {
    bench_load "$2" v1/prompts/bench-fetch
    note "$1" fetch "$2" "$(sum "$requests / $seconds")" "$p50" "$p99" "$cpu" "$errors"
}

bench_not_modified() {
    BENCH_IF_NONE_MATCH=$BENCH_TAG bench_load "$2" v1/prompts/bench-fetch
    note "$1" not_modified "$2" "$(sum "$requests / $seconds")" "$p50" "$p99" "$cpu" "$errors"
}

# A render counts when its row is committed: the time goes on until the last one is, and a row that lacks is an error.
bench_render() {
    local start rows span
    sql 'truncate prompt_executions'
    start=$EPOCHREALTIME
    BENCH_REQUEST=$bench_request bench_load "$2" v1/prompts/bench-render/render
    rows=$(logged_rows)
    span=$(sql "select extract(epoch from max(pg_xact_commit_timestamp(xmin))) - $start from prompt_executions")
    ((rows >= requests - errors)) || errors=$((requests - rows))
    span=$(sum "$span > $seconds ? $span : $seconds")
    note "$1" render "$2" "$(sum "$rows / $span")" "$p50" "$p99" "$cpu" "$errors"
}

# Rows a second from the first commit to the last, without the first one's rows.
intake_rate() {
    sql "with batch as (select xmin::text, count(*) as rows, extract(epoch from pg_xact_commit_timestamp(xmin)) as at
                        from prompt_executions group by prompt_executions.xmin)
         select (sum(rows) - (array_agg(rows order by at))[1]) / (max(at) - min(at)) from batch"
}

# What the journal can take: the log is locked while renders queue up, then let go. The floor is pgbench with one
# connection, as the journal has, which inserts equal rows by 500 a statement into the same table.
bench_intake() {
    local holder start
    sql 'truncate prompt_executions'
    sql 'begin; lock table prompt_executions in share row exclusive mode; select pg_sleep(4); commit' >/dev/null &
    holder=$!
    BENCH_REQUEST=$bench_request bench_seconds=3 bench_load replica v1/prompts/bench-render/render
    wait "$holder"
    logged_rows >/dev/null
    note "$1" intake service "$(intake_rate)" 0 0 0 "$errors"
    [[ -s $home/floor.sql ]] || bench_floor_rows >"$home/floor.sql"
    sql 'truncate prompt_executions'
    taskset -c 0 "$server/pgbench" -n -c 1 -T 3 -f "$home/floor.sql" "$DATABASE_URL" >"$home/floor.log" 2>&1 ||
        die "the floor failed: $(tail -n 3 "$home/floor.log")"
    note "$1" intake floor "$(intake_rate)" 0 0 0 0
}

# One of the rows that the service has just written, as 500 in a statement. Ids start with the time, as the service's.
bench_floor_rows() {
    sql "with one as (select * from prompt_executions limit 1)
         select 'insert into prompt_executions (executed_at, id, template_id, template_name, template_version, label, '
             || 'user_id, http_request_id, input_variables, rendered_prompt, status, guardrail_violations, '
             || 'guardrail_action) select clock_timestamp(), (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)'
             || '::bigint), 12, ''0'') || substr(gen_random_uuid()::text, 15))::uuid, v.* from (values '
             || string_agg(format('(%L::uuid, %L, %s, %L, %L, %L, %L::jsonb, %L, %L, %L::jsonb, %L)', template_id,
                    template_name, template_version, label, user_id, http_request_id, input_variables, rendered_prompt,
                    status, guardrail_violations, guardrail_action), ', ')
             || ') v;' from one, generate_series(1, 500)"
}

# From sending a move of a label to the first answer of the other replica that shows it, asked every 2 ms.
bench_visibility() {
    local move version start seen
    bench_ask service PUT v1/prompts/bench-fetch/labels/moving '{"version":1}' >/dev/null
    sleep 1.5
    for ((move = 0; move < 20; ++move)); do
        version=$((2 - move % 2))
        (curl -sN --fail-early --rate 500/s -H "Authorization: Bearer $BENCH_KEY" -w '\n' \
            "$(bench_url replica 'v1/prompts/bench-fetch?label=moving#[1-3000]')" || true) |
            while read -r line; do
                [[ $line != *"\"version\":$version,"* ]] || { echo "$EPOCHREALTIME" && break; }
            done >"$home/seen" &
        seen=$!
        sleep 0.1
        start=$EPOCHREALTIME
        bench_ask service PUT v1/prompts/bench-fetch/labels/moving "{\"version\":$version}" >/dev/null
        wait "$seen" || true
        note "$move" visible replica "$(sum "($(<"$home/seen") - $start) * 1000")" 0 0 0 0
    done
}

# PROGRAM ROUNDS FILE
bench_app() (
    local service=$1 rounds=$2 keep=$3 round case name requests seconds p50 p99 errors cpu
    local -a order
    [[ $service == */* ]] || die "no such program: $service"
    bench_find_peers
    ci_pinned=(taskset -c 1) ci_options='-c track_commit_timestamp=on'
    ci_database
    trap bench_leave EXIT
    "$service" migrate >"$home/migrate.log" 2>&1 || die "migrate failed: $(tail -n 3 "$home/migrate.log")"
    BENCH_KEY=$("$service" keys create --scope admin --name bench) BENCH_BODY=$home/body.json BENCH_TAG=''
    export BENCH_KEY BENCH_BODY BENCH_TAG PYTHONDONTWRITEBYTECODE=1
    bench_request='{"variables":{"topic":"photosynthesis in leaves","grade":"7","interests":"football, music","seconds":"90","question":"Why are leaves green, and what happens in autumn?"},"user_id":"user-17"}'

    export HOST=127.0.0.1 PROMPT_SERVICE_THREADS=1 PROMPT_SERVICE_ACCESS_LOG=off PROMPT_SERVICE_ANONYMOUS=none
    bench_ready=readyz bench_start service "$service"
    bench_ready=readyz PROMPT_SERVICE_LOG_QUEUE_MB=512 bench_start replica "$service" # queues all of bench_intake
    bench_prompts >"$home/prompts.log"
    curl -sf -D "$home/headers" -o "$BENCH_BODY" -H "Authorization: Bearer $BENCH_KEY" \
        "$(bench_url service v1/prompts/bench-fetch)" || die 'the prompt cannot be fetched'
    BENCH_TAG=$(sed -n 's/^etag: *//Ip' "$home/headers" | tr -d '\r')
    bench_ready=v1/prompts/bench-fetch
    for name in "${bench_peers[@]:1}"; do
        case $name in
            fastify) bench_start fastify node "$bench_npm/fastify.mjs" ;;
            earlier) bench_earlier ;;
        esac
        cmp -s "$home/answer" "$BENCH_BODY" || die "$name answers something else than the service"
    done

    say "$rounds rounds: servers on core 0, wrk (32 connections, ${bench_seconds} s a case) and PostgreSQL on core 1"
    bench_warm_up
    : >"$home/figures"
    for ((round = 1; round <= rounds; ++round)); do
        order=("${bench_peers[@]}")
        ((round % 2)) || mapfile -t order < <(printf '%s\n' "${bench_peers[@]}" | tac)
        for case in fetch not_modified render; do
            for name in "${order[@]}"; do
                bench_"$case" "$round" "$name"
            done
        done
        bench_intake "$round"
    done
    for name in "${bench_peers[@]}"; do
        note "$rounds" resident "$name" "$(($(resident_kb "$name") / 1024))" 0 0 0 0
    done
    bench_visibility
    awk -v json="$keep" -v body="$(stat -c %s "$BENCH_BODY")" -f "$bench_source/verdict.awk" "$home/figures"
)

bench_earlier() {
    cd "$bench_source"
    bench_start earlier /usr/bin/python3 -c 'import os, uvicorn
uvicorn.run("earlier_shape:app", port=int(os.environ["PORT"]), log_level="warning", access_log=False)'
    cd - >/dev/null
}
