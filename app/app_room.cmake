# app_room(<name> SOURCES … [USES …] [PRIVATE_USES …])
#
# One room of the service = one STATIC library app_<name> = one include directory. A room that is not linked cannot be
# included: the compiler keeps the arrows that app/CMakeLists.txt lists, lowest first.
function(app_room name)
    cmake_parse_arguments(PARSE_ARGV 1 R "" "" "SOURCES;USES;PRIVATE_USES")
    add_library(app_${name} STATIC ${R_SOURCES})
    target_include_directories(app_${name} PUBLIC include PRIVATE src)
    target_link_libraries(app_${name} PUBLIC ${R_USES} PRIVATE ${R_PRIVATE_USES})
    schemagate_warnings(app_${name})
endfunction()
