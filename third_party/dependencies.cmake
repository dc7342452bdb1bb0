# How each dependency is found. Nothing is vendored; third_party/README.md says which version, licence and why.
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json)   # Asio and Beast are header-only
find_package(PostgreSQL REQUIRED)                          # libpq; its server is not needed to build
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
# Our FindSystemd.cmake: sd_notify. A guest's build without it lacks the observer for systemd, and nothing else.
if(PROJECT_IS_TOP_LEVEL)
    find_package(Systemd REQUIRED)
    find_package(ICU REQUIRED COMPONENTS uc)               # the service alone
    find_path(DTL_INCLUDE_DIR dtl/dtl.hpp REQUIRED)        # headers alone; the service alone
    find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js REQUIRED) # plots of the service's page
    find_package(RE2 REQUIRED)                             # our FindRE2.cmake; the service alone
    find_package(SOCI REQUIRED)                            # our FindSOCI.cmake, the static archives; the service alone
else()
    find_package(Systemd QUIET)
endif()
