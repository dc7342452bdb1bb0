#!/usr/bin/env bash
# app/deploy/cloud-build/migrate with recording stand-ins for docker and gcloud: cloud_build.bash SOURCES
set -euo pipefail
script=$1/app/deploy/cloud-build/migrate
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"' EXIT
mkdir "$work/bin"
sha=$(printf '%064d' 7)
image=europe-west1-docker.pkg.dev/proj/backends/prompt-service
for name in docker gcloud; do
    cat >"$work/bin/$name" <<'STAND_IN'
#!/usr/bin/env bash
line="${0##*/} $*"
echo "$line" >>"$RECORD"
if [[ $line == 'docker image inspect'* ]]; then printf 'other/name@sha256:%064d\n%s\n\n' 1 "$DIGEST"; fi
if [[ -n ${HANG_AT:-} && $line == $HANG_AT* ]]; then kill -TERM "$PPID"; sleep 1; fi
if [[ -n ${FAIL_AT:-} && $line == $FAIL_AT* ]]; then exit "${FAIL_WITH:-9}"; fi
STAND_IN
    chmod +x "$work/bin/$name"
done
failed=0
problem() { echo "FAILED: $scene: $*" && failed=1; }

# run CODE [NAME=VALUE …]: the record is in $record, the output in $output
run() {
    local code=0
    : >"$work/record"
    output=$(env -i PATH="$work/bin:$PATH" RECORD="$work/record" DIGEST="$image@sha256:$sha" PROJECT_ID=proj \
        REGION=europe-west1 REPOSITORY=backends TAG=b1 BASE="debian:12-slim@sha256:$sha" SERVICE_ACCOUNT=m@proj \
        URL_SECRET=DATABASE_URL:7 VPC_CONNECTOR=conn "${@:2}" bash "$script" 2>&1) || code=$?
    record=$(cat "$work/record")
    [[ $code == "$1" ]] || problem "exit $code instead of $1: $output"
}
steps() { sed -E 's/^(docker (build|push|image inspect)|gcloud run jobs (create|delete|execute)).*/\2\3/' <<<"$record" | paste -sd' '; }
is() { [[ $(steps) == "$1" ]] || problem "steps '$(steps)' instead of '$1'"; }
holds() { [[ $record == *"$1"* ]] || problem "no '$1' in: $record"; }
lacks() { [[ $record != *"$1"* ]] || problem "'$1' in: $record"; }

scene='all is well'
run 0 MIGRATION_URL_SECRET=MIGRATION_DATABASE_URL:2 RUN_AS=prompt_owner
is 'build push image inspect create execute delete'
holds "--image=$image@sha256:$sha "
holds '--set-secrets=DATABASE_URL=DATABASE_URL:7,MIGRATION_DATABASE_URL=MIGRATION_DATABASE_URL:2'
holds '--set-env-vars=SCHEMAGATE_CONNECTION=tcp,SCHEMAGATE_RUN_AS=prompt_owner'
holds '--vpc-connector=conn' && holds '--args=migrate' && holds '--max-retries=0'
[[ $record != *create*"$image:b1"* ]] || problem 'the job names a tag'
[[ $output == *'https://console.cloud.google.com/logs/query;'*prompt-service-migrate-b1*project=proj* ]] || problem 'no log link'

scene='the socket'
run 0 VPC_CONNECTOR= CLOUDSQL_INSTANCE=p:r:i
holds '--set-cloudsql-instances=p:r:i' && holds 'SCHEMAGATE_CONNECTION=socket' && lacks vpc

scene='the build fails' && run 9 FAIL_AT='docker build' && is build
scene='the push fails, as in the builds 1 and 2' && run 9 FAIL_AT='docker push' && is 'build push'
scene='no digest, since nothing was pushed' && run 1 DIGEST='' && is 'build push image inspect'
scene='a digest of another image' && run 1 DIGEST="$image-other@sha256:$sha" && is 'build push image inspect'
scene='the job cannot be made' && run 9 FAIL_AT='gcloud run jobs create' && is 'build push image inspect create delete'
scene='the migration fails' && run 3 FAIL_AT='gcloud run jobs execute' FAIL_WITH=3 && is 'build push image inspect create execute delete'
[[ $output == *logs/query* && $output != *migrated* ]] || problem "$output"
scene='the build is cancelled' && run 143 HANG_AT='gcloud run jobs execute' && is 'build push image inspect create execute delete'
scene='the job cannot be removed' && run 0 FAIL_AT='gcloud run jobs delete'
[[ $output == *WARNING*'gcloud run jobs delete prompt-service-migrate-b1'* ]] || problem "$output"

scene='what is missing or doubled is refused before anything runs'
run 64 BASE=debian:12-slim && is ''
run 64 VPC_CONNECTOR= && is ''
run 64 CLOUDSQL_INSTANCE=p:r:i && is ''
run 1 URL_SECRET= && is '' # bash's own exit code for ${NAME:?}
exit "$failed"
