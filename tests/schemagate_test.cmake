# schemagate_test(<name> SOURCES … USES … [LABELS …] [TIMEOUT seconds])
#
# One Catch2 binary and one ctest entry. Order is random on every run, and a test that asserts nothing fails.
function(schemagate_test name)
    cmake_parse_arguments(PARSE_ARGV 1 T "" "TIMEOUT" "SOURCES;USES;LABELS")
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    add_executable(${name} ${T_SOURCES})
    target_link_libraries(${name} PRIVATE schemagate_test_main ${T_USES})
    schemagate_warnings(${name})
    add_test(NAME ${name} COMMAND ${name} --order rand --warn NoAssertions)
    set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT})
endfunction()
