#!/usr/bin/env bash
# What can be said of the gcp/ root without its provider: form, names, each environment's values: terraform_kit.bash SOURCE FOLDER
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=terraform_here.bash
. "$here/terraform_here.bash"
root=$kit/gcp

terraform fmt -check -recursive -diff "$kit" || fail 'terraform fmt -recursive app/deploy/terraform'

# References: Terraform itself would only look at them with the provider.
declared() { sed -nE "s/^$1 \"([a-z0-9_]+)\"( \"([a-z0-9_]+)\")? *\{.*/\1\2/p" "$root"/*.tf | sed -E 's/ "([a-z0-9_]+)"/.\1/' | sort -u; }
while read -r name; do
    declared variable | grep -qxF "$name" || fail "var.$name is not declared in gcp/"
done < <(grep -ohE '\bvar\.[a-z0-9_]+' "$root"/*.tf | cut -d. -f2 | sort -u)
while read -r name; do
    grep -qE "\bvar\.$name\b" "$root"/*.tf || fail "variable $name of gcp/ is used nowhere"
done < <(declared variable)
while read -r name; do
    declared resource | grep -qxF "$name" || fail "resource $name is not declared in gcp/"
done < <(grep -vhE '^(resource|#)' "$root"/*.tf | grep -oE '\bgoogle_[a-z0-9_]+\.[a-z0-9_]+' | sort -u)
while read -r name; do
    grep -qE "^  $name +=" "$root/main.tf" || fail "local.$name is not declared in gcp/main.tf"
done < <(grep -ohE '\blocal\.[a-z0-9_]+' "$root"/*.tf | cut -d. -f2 | sort -u)

# The module is there, and takes what it is given: its variables, with literals for what only the cloud knows.
mkdir -p "$work/call" && cp -r "$module" "$work/database_url"
{
    awk '/^variable "db_(connection|user|name|password)"/, /^}/' "$root/variables.tf"
    awk '/^module/, /^}/' "$root/main.tf" |
        sed -E 's#google_sql_database_instance.this.private_ip_address#"10.240.0.3"#; s#google_sql_database_instance.this.connection_name#"p:r:i"#'
    echo 'locals { socket = var.db_connection == "cloudsql-socket" }'
    echo 'output "socket" { value = local.socket }'
} | sed 's/[$]{"p:r:i"}/p:r:i/' >"$work/call/main.tf"
(
    cd "$work/call"
    terraform init -no-color >init.log
    for way in vpc cloudsql-socket; do
        TF_VAR_db_password=Zq terraform plan -no-color -input=false -var db_connection=$way >plan.log 2>&1 || { fail "the module's call, $way" && cat plan.log; }
    done
    ! TF_VAR_db_password=Zq terraform plan -no-color -input=false -var db_connection=tcp >plan.log 2>&1 || fail 'the module takes db_connection=tcp'
)

# The variables alone are a root that needs no provider.
mkdir -p "$work/values" && cp "$root/variables.tf" "$work/values"
digest=$(printf '%064d' 0)
plan() { # plan ENVIRONMENT IMAGE [OPTION ...]
    (
        cd "$work/values"
        TF_VAR_db_password=Zq7wKx TF_VAR_image=$2 terraform plan -json -input=false -var-file="$root/environments/$1.tfvars" "${@:3}"
    ) >"$work/plan.log" 2>&1
}
good=europe-west1-docker.pkg.dev/p/r/prompt-service@sha256:$digest
for environment in dev staging prod; do
    plan "$environment" "$good" || { fail "$environment.tfvars is refused" && cat "$work/plan.log"; }
    ! grep -qE '"@level":"(warn|error)"' "$work/plan.log" || { fail "$environment.tfvars" && grep -E '"(warn|error)"' "$work/plan.log"; }
    grep -qE "^environment +?= \"$environment\"" "$root/environments/$environment.tfvars" || fail "$environment.tfvars is not of $environment"
    ! grep -vE '^#' "$root/environments/$environment.tfvars" | grep -qiE 'password|secret|token|postgres' || fail "$environment.tfvars holds what looks like a secret"
done
for wrong in "${good%@*}:latest" 'prompt-service'; do
    ! plan dev "$wrong" || fail "the image $wrong is taken"
done
for wrong in environment=test service_mode=skip secret_version=latest connector_cidr=10.8.0.0/24 'instances={min=3,max=2}' project=P; do
    ! plan dev "$good" -var "$wrong" || fail "$wrong is taken"
    ! grep -qF Zq7wKx "$work/plan.log" || fail "$wrong: the password is shown"
done

# Promises of the kit that no provider is needed for.
! grep -nE 'tcp_socket' "$root"/*.tf || fail 'a TCP probe passes while the gate is shut'
! grep -nE '^ *(secret_data|password) *=' "$root"/*.tf || fail 'this argument is kept in the state: use its write-only twin'
echo 'NOT RUN: terraform validate and plan of gcp/, which need the google provider' >&2
[[ ! -e $work/failed ]]
