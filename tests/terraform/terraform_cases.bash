#!/usr/bin/env bash
# Every row of url_cases.tsv as a `run` of terraform test: terraform_cases.bash SOURCE FOLDER
here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=terraform_here.bash
. "$here/terraform_here.bash"

module_as_root "$work"
# The cells are escaped as HCL wants them, but for its templates.
awk -F '\t' -v quote='"' '
    function hcl(text) { gsub(/\$\{/, "$${", text); gsub(/%\{/, "%%{", text); return quote text quote }
    /^#/ { next }
    NF != 11 { print "row " NR " has " NF " cells" > "/dev/stderr"; exit 1 }
    {
        printf "run %s {\n  command = plan\n  variables {\n", quote sprintf("row_%03d", NR) quote
        printf "    db_connection = %s\n    db_host = %s\n    db_port = %s\n    db_user = %s\n", hcl($2), hcl($3), $4, hcl($5)
        printf "    db_password = %s\n    db_name = %s\n    db_sslmode = %s\n  }\n", hcl($6), hcl($7), hcl($8)
        if ($9 == "ok")
            printf "  assert {\n    condition = local.database_url == %s\n    error_message = %s\n  }\n}\n", hcl($11), hcl("not the URL of the table: " $1)
        else
            printf "  expect_failures = [var.%s]\n}\n", $9
    }' "$here/url_cases.tsv" >"$work/cases.tftest.hcl"

cd "$work"
rows=$(grep -c '^run ' cases.tftest.hcl)
terraform init -no-color >init.log
terraform test -no-color >test.log 2>&1 || true
if ! grep -qxF "Success! $rows passed, 0 failed." test.log; then
    grep -vE '\.\.\. pass$' test.log | head -100
    fail "not all of the $rows rows hold; row_NNN is a line of url_cases.tsv"
fi
echo "$rows rows"
[[ ! -e $work/failed ]]
