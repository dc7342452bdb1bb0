#!/usr/bin/env bash
# A validation that fails never prints the password, whichever variable it fails for: terraform_secrecy.bash SOURCE FOLDER
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=terraform_here.bash
. "$here/terraform_here.bash"

module_as_root "$work/root"
# And as a child, as gcp/ calls it: there the root's variables are passed on.
mkdir -p "$work/child"
cat >"$work/child/main.tf" <<HCL
variable "db_connection" {
  default   = "vpc"
  ephemeral = true
}
variable "db_host" { ephemeral = true }
variable "db_port" {
  default   = 5432
  ephemeral = true
}
variable "db_user" { ephemeral = true }
variable "db_name" { ephemeral = true }
variable "db_sslmode" {
  default   = "require"
  ephemeral = true
}
variable "db_password" {
  sensitive = true
  ephemeral = true
}
module "url" {
  source        = "$module"
  db_connection = var.db_connection
  db_host       = var.db_host
  db_port       = var.db_port
  db_user       = var.db_user
  db_name       = var.db_name
  db_sslmode    = var.db_sslmode
  db_password   = var.db_password
}
HCL
for root in root child; do (cd "$work/$root" && terraform init -no-color >init.log); done

# plan ROOT [NAME=VALUE ...]: everything that plan, plan -json, a saved plan and validate show and write.
plan() {
    local root=$1 given
    local -a variables=(TF_VAR_db_host=10.240.0.3 TF_VAR_db_user=vividly TF_VAR_db_name=vividly "TF_VAR_db_password=p@Hunter2/Xq")
    shift
    for given in "$@"; do variables+=("TF_VAR_$given"); done
    (
        cd "$work/$root"
        rm -rf saved terraform.tfstate
        env "${variables[@]}" terraform plan -no-color -input=false -out=saved || echo "status $?"
        env "${variables[@]}" terraform plan -json -input=false || echo "status $?"
        env "${variables[@]}" terraform validate -json || echo "status $?"
        [[ ! -e saved ]] || { terraform show -json saved && unzip -p saved; } # a plan is a zip
        [[ ! -e terraform.tfstate ]] || cat terraform.tfstate
    ) >"$work/shown" 2>&1
}
shows_none() { ! grep -aqE 'Hunter2|Xq' "$work/shown" || { fail "$* shows the password:" && grep -aE 'Hunter2|Xq' "$work/shown" | head -5; }; }

whole=postgresql://vividly:Hunter2@10.240.0.3:5432/vividly
for root in root child; do
    plan "$root"
    ! grep -aq '^status' "$work/shown" || { fail "$root: good values are refused" && head -40 "$work/shown"; }
    shows_none "$root: a plan"
    for wrong in 'db_password=Hunter2 ' $'db_password=Hunter2\n' db_password=$whole db_host=$whole db_user=" $whole" \
        db_user="$whole$whole" db_name=$whole db_host=/cloudsql/p:r:i db_port=0 db_port=x db_sslmode=no-verify db_connection=tcp \
        db_sslmode=$whole db_connection=$whole db_port=$whole; do
        plan "$root" "$wrong"
        grep -aq '^status 1' "$work/shown" || fail "$root: ${wrong%%=*} is not refused"
        grep -aqF "${wrong%%=*}" "$work/shown" || fail "$root: ${wrong%%=*} is not named"
        shows_none "$root: ${wrong%%=*} refused"
    done
done

# That this test can see a leak: without `ephemeral`, terraform prints the value that it refuses.
sed '/ephemeral *= true/d' "$module/variables.tf" >"$work/root/variables.tf"
plan root 'db_password=Hunter2 '
grep -aq Hunter2 "$work/shown" || fail 'the password is not shown even without ephemeral: what is this test good for?'
[[ ! -e $work/failed ]]
