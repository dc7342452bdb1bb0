#!/usr/bin/env bash
# Every YAML file of the kit keeps the rules below, and each rule can fail: manifests.bash SOURCES
# Parsed by yq (Debian's, jq on YAML), so that neither indentation nor flow style fools it. 77: NOT RUN.
set -euo pipefail
kit=$1/app/deploy
# 65 and so on stand here once more on purpose: they are the contract's.
fail_codes='[64,65,70,76,77,78]' retry_codes='[69,75]'
if ! command -v yq jq >/dev/null || ! yq -y . <<<'a: 1' >/dev/null 2>&1; then
    echo "NOT RUN: Debian's yq is not installed (apt-get install yq)"
    exit 77
fi

read -r -d '' rules <<'JQ' || true
def containers: [.. | objects | (.containers?, .initContainers?) | arrays | .[]];
def probes(f): [containers[] | f | objects];
def pods: [.. | objects | select(.containers? | arrays)];
def is_cloud_run: .apiVersion == "serving.knative.dev/v1" or .apiVersion == "run.googleapis.com/v1";
def env($name): .env[]? | select(.name == $name);
def rule($name; holds): if holds then empty else $name end;
rule("no TCP probe"; [.. | objects | select(has("tcpSocket"))] == []),
rule("liveness asks /livez"; probes(.livenessProbe) | all(.httpGet.path == "/livez")),
rule("readiness asks /readyz"; probes(.readinessProbe) | all(.httpGet.path == "/readyz")),
rule("start-up asks /readyz"; probes(.startupProbe) | all(.httpGet.path == "/readyz")),
rule("what serves has start-up and liveness probes";
     [containers[] | select(.ports)] | all(has("startupProbe") and has("livenessProbe"))),
rule("images by digest"; [containers[].image] | all(test("@sha256:"))),
rule("no secret in the text"; [.. | strings | select(test("://[^/@ ]*:[^*@ ][^@ ]*@"))] == []),
rule("DATABASE_URL is no plain value";
     [containers[] | .env[]? | select(.name | test("DATABASE_URL$")) | select(has("value"))] == []),
(select(is_cloud_run) |
  rule("service account"; pods | all(.serviceAccountName | type == "string")),
  rule("URL by secretKeyRef"; [containers[] | env("DATABASE_URL").valueFrom.secretKeyRef.key] | length > 0 and all(. != null and . != "latest")),
  rule("one connection method, and the setting says which";
     (.spec.template.metadata.annotations | [has("run.googleapis.com/cloudsql-instances"), has("run.googleapis.com/vpc-access-connector")])
       == ([containers[] | env("SCHEMAGATE_CONNECTION").value] | if . == ["socket"] then [true, false] elif . == ["tcp"] then [false, true] else null end)),
  (select(.kind == "Service") |
    rule("CPU always"; .spec.template.metadata.annotations["run.googleapis.com/cpu-throttling"] == "false"))),
(select(.kind == "Deployment" or .apiVersion == "batch/v1") |
  rule("pod: non-root, seccomp, time to end, no token"; pods | all(.securityContext.runAsNonRoot == true
     and .securityContext.seccompProfile.type == "RuntimeDefault" and .terminationGracePeriodSeconds >= 10
     and .automountServiceAccountToken == false)),
  rule("container: read-only root, no capabilities, resources"; containers | all(.securityContext.readOnlyRootFilesystem == true
     and .securityContext.allowPrivilegeEscalation == false and .securityContext.capabilities.drop == ["ALL"]
     and .resources.limits.memory != null and .resources.requests.cpu != null))),
(select(.kind == "Deployment") |
  rule("readiness probe"; [.spec.template.spec.containers[]] | all(has("readinessProbe"))),
  rule("URL from a file"; [containers[] | env("DATABASE_URL_FILE")] | length > 0)),
(select(.apiVersion == "batch/v1") |
  rule("job fails and retries by exit code"; .spec.template.spec.restartPolicy == "Never"
     and ([.spec.podFailurePolicy.rules[] | select(.action == "FailJob") | .onExitCodes | select(.operator == "In").values] == [$fail])
     and ([.spec.podFailurePolicy.rules[] | select(.action == "Count") | .onExitCodes | select(.operator == "In").values] == [$retry])
     and ([.spec.podFailurePolicy.rules[].onExitCodes | select(.).containerName] | all(. == "migrate")))
)
JQ
broken() { yq -r --argjson fail "$fail_codes" --argjson retry "$retry_codes" "$rules" "$1"; } # the rules that do not hold

failed=0 files=0
while IFS= read -r file; do
    files=$((files + 1))
    problems=$(broken "$file") || { failed=1 && echo "$file: cannot be read"; }
    [[ -z $problems ]] || { failed=1 && echo "$file: $problems"; }
done < <(find "$kit" -name '*.yaml' -o -name '*.yml')
((files >= 9)) || { echo "only $files files were found" && failed=1; }

# Each rule, broken once on purpose.
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"' EXIT
mutations=0
breaks() { # FILE RULE JQ
    mutations=$((mutations + 1))
    yq -y "$3" "$kit/$1" >"$work/mutant.yaml"
    grep -qxF "$2" <<<"$(broken "$work/mutant.yaml")" || { failed=1 && echo "not seen: '$2' after $3"; }
}
k8s=kubernetes/deployment.yaml run=cloud-run/service.tcp.yaml c='.spec.template.spec.containers[0]'
breaks $k8s 'no TCP probe' "$c.startupProbe = {tcpSocket: {port: 8080}}"
breaks $k8s 'start-up asks /readyz' "$c.startupProbe = {tcpSocket: {port: 8080}}"
breaks $run 'start-up asks /readyz' "$c.startupProbe.httpGet.path = \"/livez\""
breaks $k8s 'liveness asks /livez' "$c.livenessProbe.httpGet.path = \"/readyz\""
breaks $run 'liveness asks /livez' "$c.livenessProbe.httpGet.path = \"/readyz\""
breaks $k8s 'readiness asks /readyz' "$c.readinessProbe.httpGet.path = \"/livez\""
breaks $k8s 'what serves has start-up and liveness probes' "del($c.livenessProbe)"
breaks $k8s 'readiness probe' "del($c.readinessProbe)"
breaks $k8s 'images by digest' "$c.image = \"prompt-service:latest\""
breaks $run 'no secret in the text' "$c.args = [\"postgresql://u:secret@h/d\"]"
breaks $run 'DATABASE_URL is no plain value' "$c.env += [{name: \"MIGRATION_DATABASE_URL\", value: \"x\"}]"
breaks $run 'service account' 'del(.spec.template.spec.serviceAccountName)'
breaks $run 'URL by secretKeyRef' "$c.env[-1].valueFrom.secretKeyRef.key = \"latest\""
breaks $run 'one connection method, and the setting says which' "$c.env[0].value = \"socket\""
breaks cloud-run/job.socket.yaml 'one connection method, and the setting says which' \
    'del(.spec.template.metadata.annotations["run.googleapis.com/cloudsql-instances"])'
breaks $run 'CPU always' 'del(.spec.template.metadata.annotations["run.googleapis.com/cpu-throttling"])'
breaks $k8s 'pod: non-root, seccomp, time to end, no token' '.spec.template.spec.securityContext.runAsNonRoot = false'
breaks kubernetes/deployment.init-container.yaml 'container: read-only root, no capabilities, resources' \
    'del(.spec.template.spec.initContainers[0].securityContext.readOnlyRootFilesystem)'
breaks $k8s 'URL from a file' "$c.env = []"
breaks kubernetes/job.yaml 'job fails and retries by exit code' '.spec.podFailurePolicy.rules[0].onExitCodes.values = [64, 65, 70, 76, 77]'
breaks kubernetes/job.yaml 'job fails and retries by exit code' '.spec.podFailurePolicy.rules[-1].onExitCodes.values = [69]'
echo "$files files, $mutations ways to break a rule"

if ! command -v kubectl >/dev/null; then
    echo "NOT RUN: kubectl is not installed, so its own reading of the manifests was not asked for"
elif [[ -d $kit/kubernetes ]]; then
    mkdir "$work/kustomize" "$work/kustomize/secrets" && cp "$kit"/kubernetes/*.yaml "$work/kustomize/"
    printf x >"$work/kustomize/secrets/database_url" && printf x >"$work/kustomize/secrets/migration_database_url"
    if [[ $(kubectl kustomize "$work/kustomize" | yq -r .kind | sort | paste -sd' ') != \
        'Deployment PodDisruptionBudget Secret Service' ]]; then
        failed=1 && echo 'kubectl kustomize does not make what kustomization.yaml promises'
    fi
fi
exit "$failed"
