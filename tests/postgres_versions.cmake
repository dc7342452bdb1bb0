# schemagate_on_postgres_versions(<test> …): the same tests on PostgreSQL 13 to 18, besides the version that they run
# on anyway. Names and labels: database_engine_test.pg13, pg13; those that only ./dev test --all runs: postgres_all.
function(schemagate_on_postgres_versions)
    foreach(test IN LISTS ARGN)
        foreach(major IN ITEMS 13 14 16 17 18)
            set(name "${test}.pg${major}")
            set(labels "pg${major}")
            if(NOT major EQUAL 13 AND NOT major EQUAL 18)
                list(APPEND labels postgres_all)
            endif()
            add_test(NAME ${name} COMMAND "${PROJECT_SOURCE_DIR}/tests/with_postgres.bash" ${major}
                $<TARGET_FILE:${test}> --order rand --warn NoAssertions)
            set_tests_properties(${name} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77 TIMEOUT 240)
        endforeach()
    endforeach()
endfunction()
