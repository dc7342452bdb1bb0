# shellcheck shell=bash
# ./dev test: every test there is.

test_command() {
    build
    # Tests make databases of their own; what is meant for the service is kept out of their reach.
    unset DATABASE_URL DATABASE_URL_FILE MIGRATION_DATABASE_URL MIGRATION_DATABASE_URL_FILE CREDENTIALS_DIRECTORY
    # exec, so that the last lines of the output are ctest's.
    CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-2} exec ctest --preset release --no-tests=error "$@"
}
