// A place made of literals: variables, and paths with their kinds.
#pragma once

#include <initializer_list>
#include <map>
#include <string>

#include "schemagate/place.hpp"

class fake_place : public schemagate::place
{
public:
    std::map<std::string, std::string> variables;
    std::map<std::string, schemagate::file_kind> files; ///< every other path is absent, but "/" is a folder
    std::map<std::string, std::string> contents;        ///< also makes the path a regular file
    std::map<std::string, schemagate::file_access> access;    ///< every other path: 0600
    std::map<std::string, schemagate::route_kind> routes;     ///< every other address: unknown
    std::map<std::string, schemagate::socket_answer> answers; ///< every other socket: unknown

    fake_place() = default;
    explicit fake_place(std::initializer_list<std::pair<std::string const, std::string>> set) : variables{set}
    {}

    fake_place& with(std::string const& path, schemagate::file_kind kind)
    {
        files[path] = kind;
        return *this;
    }
    /// A folder with a live socket of port 5432 in it.
    fake_place& with_socket(std::string const& folder)
    {
        return with(folder, schemagate::file_kind::folder)
            .with(folder + "/.s.PGSQL.5432", schemagate::file_kind::socket);
    }

    fake_place& with_route(std::string const& address, schemagate::route_kind kind)
    {
        routes[address] = kind;
        return *this;
    }
    fake_place& with_answer(std::string const& socket, schemagate::socket_answer answer)
    {
        answers[socket] = answer;
        return *this;
    }

    std::optional<std::string> variable(std::string const& name) const override
    {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional<std::string>{found->second};
    }
    std::vector<std::string> variables_with_prefix(std::string const& prefix) const override
    {
        auto result = std::vector<std::string>{};
        for (auto const& [name, value] : variables)
            if (name.starts_with(prefix))
                result.push_back(name);
        return result;
    }
    schemagate::file_kind kind_of(std::filesystem::path const& path) const override
    {
        if (contents.contains(path.string()))
            return schemagate::file_kind::regular;
        auto const found = files.find(path.string());
        if (found != files.end())
            return found->second;
        return path == "/" ? schemagate::file_kind::folder : schemagate::file_kind::absent;
    }
    std::optional<std::string> content_of(std::filesystem::path const& path, std::size_t limit) const override
    {
        auto const found = contents.find(path.string());
        return found == contents.end() ? std::nullopt
                                       : std::optional<std::string>{found->second.substr(0, limit + 1)};
    }
    std::optional<schemagate::file_access> access_of(std::filesystem::path const& path) const override
    {
        auto const found = access.find(path.string());
        return found == access.end() ? schemagate::file_access{0600, false} : found->second;
    }
    schemagate::route_kind route_to(std::string const& address) const override
    {
        auto const found = routes.find(address);
        return found == routes.end() ? schemagate::route_kind::unknown : found->second;
    }
    schemagate::socket_answer probe_socket(std::filesystem::path const& path) const override
    {
        auto const found = answers.find(path.string());
        return found == answers.end() ? schemagate::socket_answer::unknown : found->second;
    }
};
