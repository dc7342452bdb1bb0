// A place that holds only the variables that a test puts there, and no files.
#pragma once

#include <map>
#include <string>

#include "schemagate/place.hpp"

class map_place final : public schemagate::place
{
public:
    explicit map_place(std::map<std::string, std::string> variables = {}) : variables_{std::move(variables)}
    {}

    std::optional<std::string> variable(std::string const& name) const override
    {
        auto const found = variables_.find(name);
        return found == variables_.end() ? std::nullopt : std::optional{found->second};
    }

    std::vector<std::string> variables_with_prefix(std::string const& prefix) const override
    {
        std::vector<std::string> names;
        for (auto const& entry : variables_) {
            if (entry.first.starts_with(prefix)) {
                names.push_back(entry.first);
            }
        }
        return names;
    }

    schemagate::file_kind kind_of(std::filesystem::path const&) const override
    {
        return schemagate::file_kind::absent;
    }
    std::optional<std::string> content_of(std::filesystem::path const&, std::size_t) const override
    {
        return std::nullopt;
    }
    std::optional<schemagate::file_access> access_of(std::filesystem::path const&) const override
    {
        return {};
    }

private:
    std::map<std::string, std::string> variables_;
};
