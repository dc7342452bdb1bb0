# schemagate_test(<name> SOURCES … USES … [LABELS …] [TIMEOUT seconds])
#
# One Catch2 binary and one ctest entry. TIMEOUT is for a plain build; the presets of the sanitizers raise
# SCHEMAGATE_TEST_TIME_FACTOR. Order is random on every run, and a test that asserts nothing fails.
set(SCHEMAGATE_TEST_TIME_FACTOR 1 CACHE STRING "How many times longer than a plain build's a test may take")
function(schemagate_test name)
    cmake_parse_arguments(PARSE_ARGV 1 T "" "TIMEOUT" "SOURCES;USES;LABELS")
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    math(EXPR timeout "${T_TIMEOUT} * ${SCHEMAGATE_TEST_TIME_FACTOR}")
    add_executable(${name} ${T_SOURCES})
    target_link_libraries(${name} PRIVATE schemagate_test_main ${T_USES})
    schemagate_warnings(${name})
    # A test's own lines run once: optimising Catch2's macros would take longer than all the tests.
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
    add_test(NAME ${name} COMMAND ${name} --order rand --warn NoAssertions)
    set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${timeout})
endfunction()
