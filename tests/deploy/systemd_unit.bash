#!/usr/bin/env bash
# app/deploy/systemd/prompt-service.service is read by systemd without a complaint, and stays hardened:
# systemd_unit.bash SOURCES PROGRAM. 77: NOT RUN.
set -euo pipefail
unit=$1/app/deploy/systemd/prompt-service.service program=$2
if ! command -v systemd-analyze >/dev/null || (($(systemd-analyze --version | awk 'NR == 1 { print $2 }') < 250)); then
    echo 'NOT RUN: systemd-analyze 250 or newer is not installed'
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"' EXIT
failed=0
problem() { echo "FAILED: $*" && failed=1; }

# What systemd says about a unit; it exits with 0 after "Unknown key", so its silence is what counts.
complaints() { # SED_EXPRESSION
    sed -e "s#/usr/local/bin/prompt-service#$program#" -e "$1" "$unit" >"$work/prompt-service.service"
    systemd-analyze verify --man=no --recursive-errors=no "$work/prompt-service.service" 2>&1 || echo "exit $?"
}
exposure() { # prints the level times ten
    systemd-analyze security --offline=yes --no-pager "$work/prompt-service.service" 2>/dev/null |
        sed -n 's/.*exposure level for prompt-service.service: \([0-9]*\)\.\([0-9]\).*/\1\2/p'
}
[[ -z $(complaints '') ]] || problem "$(complaints '')"
(($(exposure) <= 15)) || problem "exposure level $(exposure) is above 15 tenths"
# It can fail: a key that does not exist, a program that is not there, a unit without its filters.
[[ -n $(complaints 's/^NoNewPrivileges=/NoNewPriviliges=/') ]] || problem 'a misspelt key was not seen'
[[ -n $(complaints 's#^ExecStart=[^ ]*#ExecStart=/nonexistent#') ]] || problem 'a missing program was not seen'
complaints '/^SystemCallFilter=/d; /^CapabilityBoundingSet=/d' >/dev/null
(($(exposure) > 15)) || problem 'a unit without its filters passed'

for line in Type=notify LoadCredential=database_url:/etc/prompt-service/database_url ProtectSystem=strict PrivateTmp=yes \
    NoNewPrivileges=yes 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6' MemoryDenyWriteExecute=yes \
    Restart=on-failure 'RestartPreventExitStatus=64 65 70 76 77 78'; do
    grep -qxF "$line" "$unit" || problem "there is no line $line"
done
exit "$failed"
