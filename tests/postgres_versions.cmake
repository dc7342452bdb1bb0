# schemagate_on_postgres_versions(USUALLY <test> … RARELY <test> …): the same tests on PostgreSQL 13 to 18, besides the
# version that they run on anyway. Names and labels: database_engine_test.pg13, pg13; those that only ./dev test --all
# runs: postgres_all. The usual run has the first ones, on the oldest version and the newest.
function(schemagate_on_postgres_versions)
    cmake_parse_arguments(PARSE_ARGV 0 ON "" "" "USUALLY;RARELY")
    foreach(test IN LISTS ON_USUALLY ON_RARELY)
        foreach(major IN ITEMS 13 14 16 17 18)
            set(name "${test}.pg${major}")
            set(labels "pg${major}")
            if(test IN_LIST ON_RARELY OR NOT major MATCHES "^(13|18)$")
                list(APPEND labels postgres_all)
            endif()
            add_test(NAME ${name} COMMAND "${PROJECT_SOURCE_DIR}/tests/with_postgres.bash" ${major}
                $<TARGET_FILE:${test}> --order rand --warn NoAssertions)
            set_tests_properties(${name} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77 TIMEOUT 240)
        endforeach()
    endforeach()
endfunction()
