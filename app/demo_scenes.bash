# The scenes of app/demo.bash, which sources this: a to g, each on a database of its own.
# shellcheck shell=bash

scene_a() {
    title '(a) The URL of the incident'
    tell 'A job on Cloud Run gets the URL of the service: a Unix socket that is mounted there, and not here. Other tools'
    tell 'report "no such file" or "host not found" after a build and a deploy. This one says it before it connects.'
    run "CLOUD_RUN_JOB=run-migration DATABASE_URL='postgresql://vividly:S3cret@/vividly?host=/cloudsql/proj:europe-west1:main' prompt-service migrate"
}

scene_b() {
    title '(b) The corrected URL, and eight replicas at once'
    new_database
    tell "DATABASE_URL=postgresql://vividly:***@127.0.0.1:$db_port/vividly names the server itself. Eight replicas start in"
    tell 'the same moment on an empty database:'
    local i first=${#children[@]}
    for i in 1 2 3 4 5 6 7 8; do launch "replica$i" PORT=0; done
    until_true '(($(cat "$work"/replica? | grep -c '"'"'"event":"boot_'"'"') >= 8))'
    {
        printf '\nreplicas that opened their gate:   %s\n' "$(cat "$work"/replica? | grep -c '"event":"boot_done"')"
        printf 'replicas that failed:              %s\n' "$(cat "$work"/replica? | grep -c '"event":"boot_failed"' || true)"
        printf 'replicas that migrated:            %s\n' "$(cat "$work"/replica? | grep '"event":"boot_done"' | grep -vc '"applied":0,')"
        printf 'times that 0001 was applied:       %s\n' "$(ask_server "select count(*) from schemagate.history where version = '0001'")"
    } | block
    printf '\n'
    for i in "${children[@]:first}"; do end_child "$i"; done
}

scene_c() {
    title '(c) kill -9 in the middle of a migration'
    new_database
    mkdir -p "$work/sql"
    printf 'create table accounts (id bigint primary key, owner text not null);\n' >"$work/sql/0001_accounts.sql"
    printf "insert into accounts select i, 'owner ' || i from generate_series(1, 200000) i;\nselect pg_sleep(2);\n" \
        >"$work/sql/0002_fill_accounts.sql"
    tell 'Two scripts; the second fills a table. The process is killed while it runs:'
    schemagate --from "$work/sql" --catalog shop migrate >/dev/null 2>&1 &
    local child=$!
    children+=("$child")
    until_true '[[ $(ask_server "select count(*) from pg_stat_activity where application_name like '"'schemagate/%migrating 2/2'"'") == 1 ]]'
    kill -KILL "$child"
    wait "$child" 2>/dev/null || true
    until_true '[[ $(ask_server "select count(*) from pg_stat_activity where application_name like '"'schemagate/%'"'") == 0 ]]'
    {
        printf '\nkilled in script 2 of 2\n'
        printf 'scripts in the history:   %s\n' "$(ask_server "select string_agg(version, ', ') from schemagate.history")"
        printf 'rows left half-written:   %s\n' "$(ask_server 'select count(*) from accounts')"
    } | block
    tell ''
    tell 'The next boot finds nothing to repair and finishes the work:'
    run "schemagate --from sql --catalog shop migrate 2>/dev/null"
    printf '    rows in the table: %s\n' "$(ask_server 'select count(*) from accounts')"
}

scene_d() {
    title '(d) What the world sees while a migration runs'
    new_database
    tell 'Another session holds up the migration, so that there is time to look. Probes answer, traffic waits:'
    coproc blocker { "$bindir/psql" -XqAt -h "$home" -p "$db_port" -U postgres -d vividly; }
    children+=("$blocker_PID")
    echo "begin; create table prompt_templates (id int); select 'ready';" >&"${blocker[1]}"
    local ready port
    read -r ready <&"${blocker[0]}"
    [[ $ready == ready ]]
    port=$(free_port)
    launch replica PORT="$port"
    local child=$last
    printf '\n'
    show "$port" /readyz '*\"position\":1,*'
    show "$port" /livez '*\"position\":1,*'
    show "$port" /v1/prompts
    echo 'rollback;' >&"${blocker[1]}"
    local input=${blocker[1]}
    exec {input}>&-
    until_true '[[ $(status_of '"$port"' /readyz) == 200 ]]'
    printf '\n'
    tell 'The other session is done:'
    printf '\n'
    show "$port" /readyz
    printf '    GET /v1/prompts  → %s\n' "$(status_of "$port" /v1/prompts)"
    end_child "$child"
}

scene_e() {
    title '(e) A released script was edited'
    new_database
    mkdir -p "$work/sql"
    rm -f "$work"/sql/*
    printf 'create table accounts (id bigint primary key);\n' >"$work/sql/0001_accounts.sql"
    (cd "$work" && schemagate --from sql --catalog shop migrate >/dev/null 2>&1)
    tell '0001_accounts.sql was applied; then somebody adds a column to the file instead of writing a new script:'
    printf 'create table accounts (id bigint primary key, owner text);\n' >"$work/sql/0001_accounts.sql"
    run 'schemagate --from sql --catalog shop migrate'
}

scene_f() {
    title '(f) Read replicas: skip, and wait'
    new_database
    start_standby
    until_true '[[ $(ask_server "select count(*) from pg_database where datname = '"'vividly'"'" postgres "$standby_port" 2>/dev/null) == 1 ]]'
    local url="postgresql://vividly:S3cret@127.0.0.1:$standby_port/vividly" skip wait one other
    skip=$(free_port) wait=$(free_port)
    tell 'Two processes on a streaming standby of an empty primary. The first is told to skip the check, the second to wait:'
    launch skipping PORT="$skip" DATABASE_URL="$url" SCHEMAGATE_MODE=skip
    one=$last
    launch waiting PORT="$wait" DATABASE_URL="$url" SCHEMAGATE_MODE=wait
    other=$last
    printf '\n    SCHEMAGATE_MODE=skip\n'
    show "$skip" /readyz '*unchecked*'
    printf '    SCHEMAGATE_MODE=wait\n'
    show "$wait" /readyz '*waiting_for_lock*'
    tell ''
    tell 'A job migrates the primary, and replication carries the schema over:'
    run 'prompt-service migrate 2>/dev/null'
    until_true '[[ $(status_of '"$wait"' /readyz) == 200 ]]'
    printf '    SCHEMAGATE_MODE=wait\n'
    show "$wait" /readyz
    end_child "$one"
    end_child "$other"
}

# users FROM TO: each user's render and its outcome, with version 2 as the better one. All in two runs of curl.
users() {
    local i id version
    for ((i = $1; i <= $2; ++i)); do
        printf 'next\nurl = "%s/prompts/support%%2Freply/render"\nheader = "@key"\nheader = "Content-Type: application/json"\n' "$V"
        printf 'data = "{\\"user_id\\":\\"user-%s\\",\\"variables\\":{\\"name\\":\\"Ada\\",\\"answer\\":\\"Yes.\\"}}"\nwrite-out = "\\n"\n' "$i"
    done >"$work/renders"
    (cd "$work" && curl -s -K renders | jq -r '"\(.execution_id) \(.version)"') | for ((i = $1; i <= $2; ++i)); do
        read -r id version
        printf 'next\nrequest = "PATCH"\nurl = "%s/executions/%s"\nheader = "@key"\nheader = "Content-Type: application/json"\n' "$V" "$id"
        printf 'data = "{\\"status\\":\\"%s\\"}"\n' "$([[ $version == 2 || $((i % 2)) == 0 ]] && echo success || echo failure)"
    done >"$work/outcomes"
    (cd "$work" && curl -s -K outcomes >/dev/null)
}

scene_g() {
    title "(g) A team's work with a prompt"
    new_database
    local port child
    port=$(free_port)
    launch team PORT="$port" PROMPT_SERVICE_ACCESS_LOG=off
    child=$last
    until_true '[[ $(status_of '"$port"' /readyz) == 200 ]]'
    printf 'Authorization: Bearer %s\n' "$(prompt-service keys create --scope write --name team)" >"$work/key"
    export V="http://127.0.0.1:$port/v1"
    api() { curl -sS -H @key -H 'Content-Type: application/json' "$@"; }
    export -f api
    until_true '(cd "$work" && api "$V/whoami" | grep -q write)'
    tell 'V is http://127.0.0.1:PORT/v1, and api is curl with the key of the team. (The page at / does the same by hand.)'
    tell 'A prompt is made and released; the draft of a better one is tried, which saves and logs nothing:'
    run "api \$V/prompts -d '{\"name\":\"support/reply\",\"template\":\"Dear {{ name }}, {{ answer }}\",\"labels\":[\"production\"]}' | jq -c '{name,version,required,labels}'"
    run "api \$V/preview -d '{\"template\":\"Hello {{ name | upper }}! {{ answer }}\",\"variables\":{\"name\":\"Ada\"}}' | jq -c '{missing,problems}'"
    run "api \$V/preview -d '{\"template\":\"Hello {{ name | upper }}! {{ answer }}\",\"variables\":{\"name\":\"Ada\",\"answer\":\"Yes.\"}}' | jq -c '{rendered}'"
    tell 'It becomes version 2, and half of the users get it, each always the same:'
    run "api \$V/prompts/support%2Freply/versions -d '{\"template\":\"Hello {{ name | upper }}! {{ answer }}\",\"commit_message\":\"Warmer\"}' | jq -c '{version,commit_message}'"
    run "api \$V/experiments -d '{\"name\":\"warmer\",\"prompt\":\"support/reply\",\"metric\":\"success_rate\",\"minimum_sample_size\":100,\"variants\":[{\"name\":\"control\",\"version\":1,\"weight\":50},{\"name\":\"b\",\"version\":2,\"weight\":50}]}' | jq -c '{name,status}'"
    run "api -X POST \$V/experiments/warmer/start | jq -c '{status}'"
    users 1 40
    tell '40 users were answered, and their outcomes reported. That is too early to say anything:'
    run "api \$V/experiments/warmer | jq -c '.results | {verdict: .verdict.state, sufficient: .sample.sufficient}'"
    run "api \$V/experiments/warmer/promote -d '{\"variant\":\"b\",\"reason\":\"I like it\"}' | jq -c '{status,code}'"
    users 41 400
    tell '400 users later:'
    run "api \$V/experiments/warmer | jq -c '.results | {verdict: .verdict.state, winner: .verdict.winner, better: (.variants[1].mean > .variants[0].mean), sure: (.variants[1].p_value < 0.001)}'"
    run "api \$V/experiments/warmer/promote -d '{\"variant\":\"b\",\"reason\":\"Answers more often\"}' | jq -c '{status,winner}'"
    tell 'Everybody gets it now, and the history says who moved production, when and why:'
    run "api \$V/prompts/support%2Freply | jq -c '{version,template,labels}'"
    run "api \$V/prompts/support%2Freply/labels/production/history | jq -c '.history[] | {from,to,moved_by,reason}'"
    end_child "$child"
}
