# Finds libpg_query, PostgreSQL's own parser as a library: for tests alone. Debian ships neither a CMake package nor a
# pkg-config file for it. The archive is named by its file, so that nothing else of the system is needed at run time.
#
# Defines PgQuery::pg_query.
find_path(PGQUERY_INCLUDE_DIR pg_query.h)
find_library(PGQUERY_ARCHIVE libpg_query.a)

if(PGQUERY_INCLUDE_DIR)
    file(STRINGS "${PGQUERY_INCLUDE_DIR}/pg_query.h" _pgquery_version REGEX "#define PG_VERSION \"")
    string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" PGQUERY_VERSION "${_pgquery_version}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PgQuery
    REQUIRED_VARS PGQUERY_ARCHIVE PGQUERY_INCLUDE_DIR
    VERSION_VAR PGQUERY_VERSION)

if(PgQuery_FOUND AND NOT TARGET PgQuery::pg_query)
    find_package(Threads REQUIRED)
    add_library(PgQuery::pg_query STATIC IMPORTED GLOBAL)
    set_target_properties(PgQuery::pg_query PROPERTIES
        IMPORTED_LOCATION "${PGQUERY_ARCHIVE}"
        INTERFACE_INCLUDE_DIRECTORIES "${PGQUERY_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
mark_as_advanced(PGQUERY_INCLUDE_DIR PGQUERY_ARCHIVE)
