# shellcheck shell=bash
# For the tests that need terraform: SOURCE FOLDER. Without one that is new enough they say so, and are skipped.
set -euo pipefail
kit=$1/app/deploy/terraform
module=$kit/database_url
work=$2/${0##*/}
export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
unset "${!TF_VAR_@}" TF_LOG TF_CLI_ARGS TF_DATA_DIR

found=$(terraform version 2>/dev/null | sed -nE '1s/^Terraform v([0-9]+)\.([0-9]+).*/\1 \2/p') || found=''
read -r major minor <<<"${found:-0 0}"
if ((major < 1 || (major == 1 && minor < 11))); then
    echo "NOT RUN: ${0##*/} needs terraform 1.11 or newer, which is not on this machine: the HCL rules are untested here" >&2
    exit 77
fi
rm -rf -- "$work" && mkdir -p "$work"

# The module without its outputs: terraform takes no ephemeral output of a root, and the tests make it one.
module_as_root() { # module_as_root FOLDER
    mkdir -p "$1" && cp "$module"/{versions,variables,main}.tf "$1"
}
fail() { echo "FAILED: $*" >&2 && touch "$work/failed"; }
