# schemagate_embed_sql(<target> DIRECTORY <dir> [CHECKS <dir>] [NAME <catalog>] [FUNCTION <identifier>])
#
# Embeds a folder of .sql into <target> and defines schemagate::embedded_catalog() there
# (<schemagate/embedded_catalog.hpp>). Adding, changing or removing a file rebuilds, without a change to CMake.
#
#   DIRECTORY  the migrations; a relative path starts at the caller's folder
#   CHECKS     the twins; the sibling folder "checks" of DIRECTORY where there is one
#   NAME       the catalog's name, part of the history and of the lock's key; the target's name. Once a database
#              has been migrated under a name, keep it: another name is another history.
#   FUNCTION   for a second catalog in one program: defines schemagate::<identifier>() instead, which the program
#              declares itself
function(schemagate_embed_sql target)
    cmake_parse_arguments(PARSE_ARGV 1 E "" "DIRECTORY;CHECKS;NAME;FUNCTION" "")
    if(E_UNPARSED_ARGUMENTS OR E_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "schemagate_embed_sql(${target}): cannot understand "
                            "\"${E_UNPARSED_ARGUMENTS}${E_KEYWORDS_MISSING_VALUES}\"; "
                            "the keywords are DIRECTORY, CHECKS, NAME and FUNCTION, each with one value.")
    endif()
    if(NOT TARGET ${target})
        message(FATAL_ERROR "schemagate_embed_sql(${target}): there is no such target; define it first.")
    endif()
    get_target_property(target_directory ${target} SOURCE_DIR)
    if(NOT target_directory STREQUAL CMAKE_CURRENT_SOURCE_DIR)
        message(FATAL_ERROR "schemagate_embed_sql(${target}): call it in the CMakeLists.txt that defines the "
                            "target, ${target_directory}/CMakeLists.txt.")
    endif()
    if(NOT E_DIRECTORY)
        message(FATAL_ERROR "schemagate_embed_sql(${target}): DIRECTORY is missing, for example "
                            "DIRECTORY sql/migrations.")
    endif()
    if(NOT E_NAME)
        set(E_NAME ${target})
    endif()
    if(NOT E_FUNCTION)
        set(E_FUNCTION embedded_catalog)
    endif()

    cmake_path(ABSOLUTE_PATH E_DIRECTORY BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    string(REGEX REPLACE "/+$" "" E_DIRECTORY "${E_DIRECTORY}")
    if(NOT IS_DIRECTORY "${E_DIRECTORY}")
        message(FATAL_ERROR "schemagate_embed_sql(${target}): ${E_DIRECTORY} is not a folder.")
    endif()
    if(E_CHECKS)
        cmake_path(ABSOLUTE_PATH E_CHECKS BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        string(REGEX REPLACE "/+$" "" E_CHECKS "${E_CHECKS}")
        if(NOT IS_DIRECTORY "${E_CHECKS}")
            message(FATAL_ERROR "schemagate_embed_sql(${target}): ${E_CHECKS} is not a folder.")
        endif()
    else()
        cmake_path(GET E_DIRECTORY PARENT_PATH parent)
        set(E_CHECKS "${parent}/checks")
    endif()

    # The glob also watches a sibling "checks" that is not there yet, so that a project's first twin is seen.
    file(GLOB migrations CONFIGURE_DEPENDS LIST_DIRECTORIES false "${E_DIRECTORY}/*.sql")
    file(GLOB twins CONFIGURE_DEPENDS LIST_DIRECTORIES false "${E_CHECKS}/*.sql")
    set(checks_argument "")
    if(IS_DIRECTORY "${E_CHECKS}")
        set(checks_argument --checks "${E_CHECKS}")
    endif()

    # released.lock lies beside the folder of migrations; this also watches for one that is not there yet.
    cmake_path(GET E_DIRECTORY PARENT_PATH parent)
    file(GLOB lock CONFIGURE_DEPENDS LIST_DIRECTORIES false "${parent}/released.lock")
    set(lock_argument "")
    if(lock)
        set(lock_argument --lock "${lock}")
    endif()

    set(output "${CMAKE_CURRENT_BINARY_DIR}/schemagate/${target}/${E_FUNCTION}")
    set(manifest "${output}/${E_FUNCTION}.cpp")
    _schemagate_embed_copies(copies "${output}/scripts" ${migrations})
    _schemagate_embed_copies(check_copies "${output}/checks" ${twins})
    list(APPEND copies ${check_copies})

    # A removed script is a change too, and no build tool sees a dependency that is gone: it shows in this list,
    # which is rewritten only when it differs.
    list(JOIN migrations "\n" listed)
    list(JOIN twins "\n" listed_twins)
    file(CONFIGURE OUTPUT "${output}/files.txt" CONTENT "${listed}\n${listed_twins}\n" @ONLY)

    # The tool leaves unchanged files alone, so it runs often and compiles rarely.
    add_custom_command(
        OUTPUT "${manifest}" "${output}/${E_FUNCTION}_literals.inc" ${copies}
        COMMAND schemagate-embed --migrations "${E_DIRECTORY}" ${checks_argument} ${lock_argument} --name "${E_NAME}"
                --function "${E_FUNCTION}" --output "${output}"
        DEPENDS schemagate-embed "${output}/files.txt" ${migrations} ${twins} ${lock}
        COMMENT "Embedding the SQL of ${E_DIRECTORY} as schemagate::${E_FUNCTION}()"
        VERBATIM)
    target_sources(${target} PRIVATE "${manifest}")
    # The compiler's dependency scan does not see .incbin. Generated code is not held to the caller's warnings.
    set_source_files_properties("${manifest}" PROPERTIES
        OBJECT_DEPENDS "${copies}"
        COMPILE_OPTIONS "$<IF:$<CXX_COMPILER_ID:MSVC>,/w,-w>"
        SKIP_UNITY_BUILD_INCLUSION ON
        SKIP_PRECOMPILE_HEADERS ON
        SKIP_LINTING ON)

    # Not target_link_libraries(): its keyword and its plain form cannot be mixed, and which one the caller uses
    # for this target is the caller's business.
    set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES schemagate::catalog)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY" OR type STREQUAL "OBJECT_LIBRARY")
        set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES
                     "$<LINK_ONLY:schemagate::catalog>")
    endif()
endfunction()

# The canonical copies that the tool will write for these scripts; it refuses every other name of a script.
function(_schemagate_embed_copies result folder)
    set(copies "")
    foreach(file IN LISTS ARGN)
        cmake_path(GET file FILENAME name)
        if(name MATCHES "^([0-9]+|R)_[A-Za-z0-9_.-]+\\.sql$" AND NOT name MATCHES "\\.down\\.sql$")
            list(APPEND copies "${folder}/${name}")
        endif()
    endforeach()
    set(${result} "${copies}" PARENT_SCOPE)
endfunction()
