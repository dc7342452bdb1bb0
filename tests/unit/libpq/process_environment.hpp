// The environment of this process as libpq and we read it: only what the test sets is set while one lives.
#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/place.hpp"

class process_environment
{
public:
    explicit process_environment(std::map<std::string, std::string> const& variables)
    {
        for (auto const* prefix : {"PG", "HOME"})
            for (auto const& name : schemagate::this_place().variables_with_prefix(prefix)) {
                keep(name);
                ::unsetenv(name.c_str());
            }
        for (auto const& [name, value] : variables) {
            keep(name);
            ::setenv(name.c_str(), value.c_str(), 1);
        }
    }
    ~process_environment()
    {
        for (auto const& [name, value] : before_)
            value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
    process_environment(process_environment const&) = delete;
    process_environment& operator=(process_environment const&) = delete;

private:
    void keep(std::string const& name) { before_.try_emplace(name, schemagate::this_place().variable(name)); }

    std::map<std::string, std::optional<std::string>> before_;
};
