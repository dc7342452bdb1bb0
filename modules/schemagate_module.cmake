# schemagate_module(<name> [ALIAS <alias>] HEADERS … SOURCES … [USES …] [PRIVATE_USES …])
#
# One module = one STATIC library = one include directory. Because the include directory belongs to the target, a
# module that is not linked cannot be included: the compiler keeps the arrows of modules/README.md.
function(schemagate_module name)
    cmake_parse_arguments(PARSE_ARGV 1 M "" "ALIAS" "HEADERS;SOURCES;USES;PRIVATE_USES")
    if(NOT M_ALIAS)
        set(M_ALIAS ${name})
    endif()
    add_library(schemagate_${name} STATIC)
    add_library(schemagate::${M_ALIAS} ALIAS schemagate_${name})
    target_sources(schemagate_${name}
        PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${M_HEADERS}
        PRIVATE ${M_SOURCES})
    target_include_directories(schemagate_${name} PRIVATE src)
    target_link_libraries(schemagate_${name} PUBLIC ${M_USES} PRIVATE ${M_PRIVATE_USES})
    target_compile_features(schemagate_${name} PUBLIC cxx_std_20)
    schemagate_warnings(schemagate_${name})
endfunction()

# Warnings are errors where we are the top level, and silent where we are a guest in somebody's build.
function(schemagate_warnings target)
    if(PROJECT_IS_TOP_LEVEL)
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            # g++ 12 sees overlapping copies in "literal" + std::string (GCC bug 105651).
            target_compile_options(${target} PRIVATE -Wno-restrict)
        endif()
    endif()
endfunction()
